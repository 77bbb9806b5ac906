"""Programs that read any file and run no model: they copy, pack, compare, search, show, back up, serve or sync it.

In: a process, and whether the program at its path is this machine's. Out: whether it is one of them. The name alone
proves nothing: only a program that lies where the system keeps its own is taken for what it is called, so that a copy
of a runtime under such a name in somebody's folder is still a runtime. Names: GNU coreutils and findutils manuals, FHS
3.0 chapter 4 (`/usr`), and the packages of Debian 12 that bring the programs.
"""

from weighbridge.discover.process_view import ProcessView

_SYSTEM = (b"/usr/bin/", b"/usr/sbin/", b"/usr/lib/", b"/usr/libexec/", b"/usr/share/", b"/usr/local/bin/", b"/bin/")
_PRODUCTS = (b"/opt/", b"/snap/", b"/nix/store/", b"/gnu/store/", b"/home/linuxbrew/.linuxbrew/")
_NAMES = (
    "awk b2sum b3sum base32 base64 basenc bash busybox cat cksum cmp comm cp csplit cut dash dd diff egrep fgrep file",
    "find gawk grep head hexdump install join less link mawk md5sum more mv nl od paste pv rg ripgrep sed sh sha1sum",
    "sha224sum sha256sum sha384sum sha512sum shred shuf sort split strings sum tac tail tee tr truncate wc xxd zsh",
    "7z 7za 7zr ar brotli bsdtar bzip2 cpio gzip lz4 lzma lzip pigz pixz tar unar unrar unzip xz zip zstd zstdmt",
    "aria2c curl ftp gcloud lftp rclone rsync scp sftp sftp-server smbd ssh sshd sshd-session syncthing wget wget2",
    "age borg borgbackup duplicity git git-lfs gpg gpg2 gsutil kopia minisign openssl rdiff-backup restic sqfstar",
    "emacs emacs-gtk emacs-nox ghex helix hx kate kwrite mc mcedit mousepad nano nvim okteta pluma vi vim vim.basic",
    "vim.gtk3 vim.nox vim.tiny view gedit gnome-text-editor code code-insiders codium cursor sublime_text zed",
    "baloo_file baloo_file_extractor dolphin locate localsearch-3 localsearch-extractor-3 nautilus nemo plocate",
    "pcmanfm recollindex thunar tracker-extract-3 tracker-miner-fs-3 tumblerd updatedb updatedb.plocate",
    "aide clamd clamdscan clamscan freshclam ossec-syscheckd osqueryd rkhunter tripwire wazuh-syscheckd yara",
    "brave chrome chromium epiphany firefox firefox-bin firefox-esr librewolf msedge opera thunderbird vivaldi",
    "apache2 caddy httpd lighttpd nginx minio",
    "gdb ltrace objdump readelf strace valgrind",
)
READERS = frozenset(name.encode() for line in _NAMES for name in line.split())
"""Names of such programs as the kernel tells the file that runs."""


def lies_with_the_system(view: ProcessView) -> bool:
    """Return whether the program of a process lies where only packages put programs, as far as its path tells."""
    program = view.executable or b""
    return program.startswith((*_SYSTEM, *_PRODUCTS))


def is_reader(view: ProcessView) -> bool:
    """Return whether a process, by the file that it runs, only reads files."""
    return lies_with_the_system(view) and (view.executable or b"").rpartition(b"/")[2] in READERS


def program_inode(view: ProcessView) -> int | None:
    """Return the inode of the file that a process runs, None if its mappings are not visible."""
    return next((file.inode for file in view.mapped if file.executable and file.path == view.executable), None)


def is_same_program(view: ProcessView, own: ProcessView | None) -> bool:
    """Return whether a process runs this very program: it looks at weights as we do.

    Args:
        view: the process.
        own: our own.
    """
    if own is None or view.executable is None or view.executable != own.executable:
        return False
    words = view.command_line[1:4]
    script = own.command_line[1:2]
    by_script = bool(script) and script[0].startswith(b"/") and words[:1] == script
    return by_script or words in ((b"-P", b"-m", b"weighbridge"), (b"-m", b"weighbridge", *words[2:]))
