"""R data: `.rds` (one object) and `.RData` (a workspace), plain or compressed with gzip, bzip2 or xz.

Source: "R Internals", section 1.8; CVE-2024-27322 (promises run when a file is read). A file is a model if an object in
it has the class of one; any other R data is listed only for what it does.
"""

import bz2
import lzma
import zlib

from weighbridge.formats.codec import GZIP, XZ, expand_bzip2, expand_gzip, expand_xz
from weighbridge.formats.gathering import Gathering, StructureError, gathered
from weighbridge.formats.r_items import RWalker
from weighbridge.formats.r_stream import BinaryStream, TextStream
from weighbridge.formats.reader import Reader, Signature
from weighbridge.formats.word_list import words
from weighbridge.model.budget import Budget
from weighbridge.model.observation import Damage
from weighbridge.model.source import ByteSource, SourceError
from weighbridge.model.stream_source import StreamSource

_WORKSPACES = (b"RDX2\n", b"RDX3\n", b"RDA2\n", b"RDA3\n", b"RDB2\n", b"RDB3\n")
_BZIP2 = tuple(b"BZh" + str(level).encode() for level in range(1, 10))
_HEADER = 32

MODEL_CLASSES = words("""
    lm glm mlm aov nls loess smooth.spline rlm gam bam gamm lme nlme gls lmerMod glmerMod merMod coxph survreg polr
    multinom nnet svm ksvm rpart ctree party randomForest randomForest.formula ranger xgb.Booster lgb.Booster gbm
    catboost.Model train train.formula workflow model_fit recipe kmeans prcomp princomp hclust Mclust naiveBayes knn3
    lda qda cv.glmnet glmnet elnet lognet earth mars Cubist C5.0 keras_training_history arima Arima ets forecast prophet
    stanfit stanreg brmsfit mlr3 Learner LearnerClassif LearnerRegr WrappedModel H2OModel bagging ada boosting lars
    nn_module luz_module_fitted torch_tensor bart bartMachine dbarts e1071 mboost tabnet_fit vetiver_model superml
""")


def serialized(head: bytes) -> bool:
    """Tell whether expanded bytes begin an R workspace or a single object."""
    body = head[5:] if head.startswith(_WORKSPACES) else head
    if body.startswith(b"X\n"):
        return body[2:5] == b"\0\0\0" and body[5:6] in (b"\2", b"\3")
    if body.startswith(b"B\n"):
        return body[2:3] in (b"\2", b"\3") and body[3:6] == b"\0\0\0"
    return body.startswith((b"A\n2\n", b"A\n3\n", b"A\r\n2", b"A\r\n3"))


def _expanded_head(head: bytes) -> bytes:
    try:
        if head.startswith(GZIP):
            return zlib.decompressobj(31).decompress(head, _HEADER)
        if head.startswith(_BZIP2):
            # A block of bzip2 is complete or gives nothing, so the whole head is offered.
            return bz2.BZ2Decompressor().decompress(head, _HEADER)
        if head.startswith(XZ):
            return lzma.LZMADecompressor(memlimit=80 << 20).decompress(head, _HEADER)
    except (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError):
        return b""
    return head[:_HEADER]


def recognize(source: ByteSource, head: bytes) -> bool:
    """Tell whether R would read the file: the header stands at the start, once expanded."""
    expanded = _expanded_head(head)
    if not expanded and head.startswith((b"BZh", XZ)):
        try:
            expanded = _expanded_head(source.read(0, 1 << 20))
        except SourceError:
            return False
    return serialized(expanded)


def _read(source: ByteSource, budget: Budget, gathering: Gathering) -> None:
    head = source.read(0, 4096)
    content = source
    for magic, codec in ((GZIP, expand_gzip), (b"BZh", expand_bzip2), (XZ, expand_xz)):
        if head.startswith(magic):
            content = StreamSource(source, codec, budget)
            head = content.read(0, 4096)
    start = 5 if head.startswith(_WORKSPACES) else 0
    kind = head[start : start + 1]
    if not serialized(head):
        gathering.holds_model = True
        raise StructureError(Damage.INVALID, "no header of R stands here", 0)
    stream: BinaryStream | TextStream
    if kind == b"A":
        stream = TextStream(content, start + 2)
    else:
        stream = BinaryStream(content, start + 2, ">" if kind == b"X" else "<")
    version = stream.integer()
    written = stream.integer()
    stream.integer()
    if version == 3:
        stream.text(max(0, stream.integer()))
    gathering.fact("producer", "R", "header")
    gathering.fact("producer.version", f"{written >> 16}.{written >> 8 & 255}.{written & 255}", "header")
    walker = RWalker(stream, budget, gathering)
    try:
        walker.run()
    finally:
        models = [name for name in walker.classes if name in MODEL_CLASSES]
        gathering.holds_model = bool(models)
        gathering.fact("architecture", ", ".join(models[:5]), "class attribute")


READER = Reader(
    id="r-data",
    title="R data",
    recognize=recognize,
    read=gathered("r-data", _read, holds_model=False),
    signatures=tuple(
        Signature(magic=magic)
        for magic in (*_WORKSPACES, b"X\n\0\0\0", b"A\n2\n", b"A\n3\n", b"B\n\2\0", b"B\n\3\0", GZIP, b"BZh", XZ)
    ),
    suffixes=(".rds", ".rdata", ".rda"),
)
