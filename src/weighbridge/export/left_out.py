"""What a policy asks for and an export does not say: nothing is dropped in silence.

In: an intent, an export. Out: noun phrases, for the head of the files and for the person who writes them.
"""

from collections.abc import Callable, Iterable, Iterator

from weighbridge.export.export import Export
from weighbridge.export.intent import TOPICS, Intent
from weighbridge.export.product import Product

_MOST_NAMES = 8


def left_out(intent: Intent, export: Export) -> list[str]:
    """Return what `intent` asks for and the files of `export` do not say."""
    missing = [TOPICS[topic] for topic in intent.topics if topic not in export.carries]
    return [*missing, *export.partly(intent)]


def untold(what: str, products: Iterable[Product], told: Callable[[Product], bool]) -> Iterator[str]:
    """Yield one phrase that names the products that `told` is false of; nothing if there are none.

    Args:
        what: what they are left out of (`denied products without a known signature`).
        products: in the order to name them.
        told: whether the format can tell a product.
    """
    titles = [product.title for product in products if not told(product)]
    if titles:
        more = f" and {len(titles) - _MOST_NAMES} more" if len(titles) > _MOST_NAMES else ""
        yield f"{what}: {', '.join(titles[:_MOST_NAMES])}{more}"


def counted(number: int, of: int, what: str) -> Iterator[str]:
    """Yield `number of of what` if there are any."""
    if number:
        yield f"{number:,} of {of:,} {what}"
