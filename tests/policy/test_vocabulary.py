from weighbridge.policy.vocabulary import (
    ACTIONS,
    CONTEXT,
    ENTITIES,
    ENTITY_BY_NAME,
    PRINCIPALS,
    attributes_of,
    ordinary,
)


def test_everything_is_sorted_and_told_apart():
    assert [entity.name for entity in ENTITIES] == sorted(entity.name for entity in ENTITIES)
    assert [action.name for action in ACTIONS] == sorted(action.name for action in ACTIONS)
    for entity in ENTITIES:
        paths = [attribute.path for attribute in entity.attributes]
        assert len(paths) == len(set(paths))
        assert paths == sorted(paths, key=lambda path: path.split("."))


def test_what_the_design_promises_is_there():
    assert {action.name for action in ACTIONS} == {
        "download",
        "store",
        "load",
        "serve",
        "infer",
        "ship",
        "connect",
        "execute",
        "read",
        "write",
        "query",
    }
    assert set(PRINCIPALS) <= ENTITY_BY_NAME.keys()
    assert {"Artifact", "Runtime", "Listener", "Tool", "Dataset", "Host", "Release"} <= ENTITY_BY_NAME.keys()


def test_ordinary_values_have_their_type_and_belong_to_their_set():
    kinds = {"String": str, "Long": int, "Bool": bool, "Set<String>": tuple}
    for attributes in (*(entity.attributes for entity in ENTITIES), CONTEXT):
        for attribute in attributes:
            if attribute.ordinary is None:
                continue
            assert isinstance(attribute.ordinary, kinds[attribute.type]), attribute.path
            if attribute.values:
                members = attribute.ordinary if isinstance(attribute.ordinary, tuple) else (attribute.ordinary,)
                assert set(members) <= set(attribute.values), attribute.path


def test_optional_attributes_are_absent_from_the_ordinary():
    artifact = ENTITY_BY_NAME["Artifact"].attributes
    assert "parameters" not in ordinary(artifact)
    assert ordinary(artifact)["assessment"] == "clean"
    assert attributes_of("Artifact")["parameters"].optional
    assert attributes_of("Nothing") == {}
