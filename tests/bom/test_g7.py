from weighbridge.bom.g7 import CLUSTERS, VERIFICATION


def test_there_are_50_elements_in_7_clusters() -> None:
    assert [len(cluster.elements) for cluster in CLUSTERS] == [10, 9, 13, 10, 2, 4, 2]
    notations = [element.notation for cluster in (*CLUSTERS, VERIFICATION) for element in cluster.elements]
    assert len(set(notations)) == 53
    assert notations[0] == "MD-01"
    assert CLUSTERS[2].elements[11].label == "Model license"
