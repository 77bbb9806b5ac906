"""Media types stand as clients write them."""

from weighbridge.hub import media_types
from weighbridge.hub.manifest_parts import digest_of


def test_kinds_of_manifests():
    assert media_types.MANIFESTS == media_types.IMAGES | media_types.INDEXES
    assert all(one.endswith("+json") for one in media_types.MANIFESTS)
    # As OCI image-spec 1.1, "Guidance for an Empty Descriptor", writes it.
    assert digest_of(media_types.EMPTY) == "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
