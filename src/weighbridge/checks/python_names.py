"""Modules whose functions act on the machine: the standard library of Python 2 and 3, and installers.

Source: `sys.stdlib_module_names` of CPython 3.11 with names that other releases added or removed. The list is fixed
here so that the same file gets the same answer under every Python.
"""

from weighbridge.formats.word_list import words

STANDARD_LIBRARY = words("""
    BaseHTTPServer CGIHTTPServer ConfigParser Cookie HTMLParser Queue SimpleHTTPServer SocketServer StringIO
    __builtin__ __future__ _abc _aix_support _ast _asyncio _bisect _blake2 _bootlocale _bootsubprocess _bz2 _codecs
    _codecs_cn _codecs_hk _codecs_iso2022 _codecs_jp _codecs_kr _codecs_tw _collections _collections_abc
    _compat_pickle _compression _contextvars _crypt _csv _ctypes _curses _curses_panel _datetime _dbm _decimal
    _distutils_hack _elementtree _frozen_importlib _frozen_importlib_external _functools _gdbm _hashlib _heapq _imp
    _io _json _locale _lsprof _lzma _markupbase _md5 _msi _multibytecodec _multiprocessing _opcode _operator
    _osx_support _overlapped _pickle _posixshmem _posixsubprocess _py_abc _pydecimal _pyio _pyrepl _queue _random
    _remote_debugging _scproxy _sha1 _sha256 _sha3 _sha512 _signal _sitebuiltins _socket _sqlite3 _sre _ssl _stat
    _statistics _string _strptime _struct _symtable _thread _threading_local _tkinter _tokenize _tracemalloc _typing
    _uuid _warnings _weakref _weakrefset _winapi _zoneinfo abc aifc annotationlib antigravity anydbm argparse array
    ast asynchat asyncio asyncore atexit audioop base64 bdb binascii binhex bisect builtins bz2 cPickle cProfile
    cStringIO calendar ce cgi cgitb chunk cmath cmd code codecs codeop collections colorsys commands compileall
    compression concurrent configparser contextlib contextvars cookielib copy copy_reg copyreg crypt csv ctypes
    curses dataclasses datetime dbhash dbm decimal difflib dis distutils doctest dumbdbm dummy_threading email
    encodings ensurepip enum errno exceptions faulthandler fcntl filecmp fileinput fnmatch formatter fractions
    ftplib functools gc gdbm genericpath getopt getpass gettext glob graphlib grp gzip hashlib heapq hmac html
    htmlentitydefs http httplib idlelib imaplib imghdr imp importlib inspect io ipaddress itertools json keyword
    lib2to3 linecache locale logging lzma macpath mailbox mailcap marshal math md5 mimetypes mmap modulefinder
    msilib msvcrt multiprocessing netrc new nis nntplib nt ntpath nturl2path numbers opcode operator optparse os os2
    ossaudiodev parser pathlib pdb pickle pickletools pip pipes pkg_resources pkgutil platform plistlib popen2
    poplib posix posixpath pprint profile pstats pty pwd py_compile pyclbr pydoc pydoc_data pyexpat queue quopri
    random re readline reprlib resource riscos rlcompleter runpy sched secrets select selectors sets setuptools sha
    shelve shlex shutil signal site sitecustomize smtpd smtplib sndhdr socket socketserver spwd sqlite3 sre_compile
    sre_constants sre_parse ssl stat statistics string stringprep struct subprocess sunau symbol symtable sys
    sysconfig syslog tabnanny tarfile telnetlib tempfile templatelib termios textwrap this thread threading time
    timeit tkinter token tokenize tomllib trace traceback tracemalloc tty turtle turtledemo types typing unicodedata
    unittest urllib urllib2 urlparse user usercustomize uu uuid venv warnings wave weakref webbrowser whichdb winreg
    winsound wsgiref xdrlib xml xmlrpc zipapp zipfile zipimport zlib zoneinfo
""")

DATA_CLASSES: dict[str, frozenset[str]] = {
    "builtins": words(
        "dict list tuple set frozenset str int float bool bytes bytearray complex slice range NoneType object"
    ),
    "collections": words("OrderedDict Counter deque defaultdict"),
    "datetime": words("date datetime time timedelta timezone"),
    "decimal": words("Decimal"),
    "fractions": words("Fraction"),
    "uuid": words("UUID"),
    "pathlib": words("Path PosixPath WindowsPath PurePath PurePosixPath PureWindowsPath"),
    "enum": words("Enum IntEnum"),
    "functools": frozenset(),
}
"""Classes of the standard library that hold values and act on nothing."""
