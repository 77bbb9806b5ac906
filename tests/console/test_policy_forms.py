"""What people do on the page of policies: upload, bring what was signed, halt, go on, go back."""

import json

import pytest
from tests.console.test_policy_page import browser
from tests.fleet.policy_people import AT, found
from tests.fleet.serving import running
from tests.sync.policy_server import person, policy_files

from weighbridge.console.policy_forms import folder_of
from weighbridge.fleet import policy_rings, policy_versions
from weighbridge.fleet.permissions import Role
from weighbridge.sync.policy_metadata import add_signature


@pytest.fixture
def served(store):
    with running(store) as started:
        started.clock.now = AT
        store.write_now(found)
        yield started


@pytest.fixture
def approver(served):
    return browser(served, Role.APPROVER)


def upload(approver, files=None, **more):
    client, form = approver
    parts = [("files", (f"acme/{path}", text)) for path, text in (files or policy_files()).items()]
    return client.post("/policy/versions", data={"form_token": form, **more}, files=parts)


def publish(approver, *texts, **more):
    client, form = approver
    parts = [("signed", (f"{number}.json", text)) for number, text in enumerate(texts)]
    return client.post("/policy/publish", data={"form_token": form, **more}, files=parts)


def test_from_a_folder_to_a_roll_out_without_a_key_coming_near_the_server(served, approver):
    client, form = approver
    assert upload(approver, note="the first").headers["Location"] == "/policy?uploaded=1"
    page = client.get("/policy?uploaded=1").text
    assert "Policy 1 is uploaded, checked and tried" in page
    assert "wb fleet policy sign policy-1.sign.json --key YOUR-KEY --policy FOLDER" in page
    fetched = client.get("/policy/versions/1/sign")
    assert fetched.headers["Content-Disposition"] == 'attachment; filename="policy-1.sign.json"'
    refused = publish(approver, fetched.content)
    assert (refused.status_code, "2 more people" in refused.text) == (400, True)
    signed = [add_signature(fetched.content, person(number)) for number in (0, 1)]
    done = publish(approver, *signed, rings="0:24:lab,site=berlin 5:12 100:0", budget="7")
    assert done.headers["Location"] == "/policy?did=publish"
    rollout = served.store.read_now(policy_rings.current)
    assert (rollout.number, rollout.budget, [one.percent for one in rollout.rings]) == (1, 7, [0, 5, 100])
    assert (rollout.rings[0].groups, rollout.rings[0].labels) == (["lab"], ["site=berlin"])
    assert "lab, site=berlin" in client.get("/policy?did=publish").text
    for do, state in (("halt", "halted"), ("go-on", "rolling")):
        data = {"form_token": form, "do": do, "reason": "because of the lab"}
        assert client.post("/policy/roll-out", data=data).headers["Location"] == f"/policy?did={do}"
        assert served.store.read_now(policy_rings.current).state == state
    again = client.post("/policy/again", data={"form_token": form, "number": "1", "reason": "back to what worked"})
    assert again.headers["Location"] == "/policy?uploaded=2"
    assert served.store.read_now(lambda c: policy_versions.version(c, 2)).again_of == 1


def test_what_is_wrong_is_said_above_the_page_and_nothing_is_kept(served, approver):
    client, form = approver
    broken = upload(approver, {"policy.yaml": b"name: x\n", "a.cedar": b"nonsense"})
    assert (broken.status_code, "policy.yaml" in broken.text) == (400, True)
    untested = {path: text for path, text in policy_files().items() if not path.startswith("tests/")}
    assert "the policy has no situations" in upload(approver, untested).text
    assert "which file" not in publish(approver).text
    assert publish(approver).status_code == 400
    assert publish(approver, b"{}").status_code == 400
    for rings in ("x", "50:0", "5:24 100:0 nonsense"):
        upload(approver)
        text = client.get("/policy/versions/1/sign").content
        for number in (0, 1):
            text = add_signature(text, person(number))
        answer = publish(approver, text, rings=rings)
        assert answer.status_code == 400, rings
        assert served.store.read_now(policy_versions.in_force) == 0
    for path, data in (
        ("/policy/roll-out", {"do": "halt", "reason": "no roll-out"}),
        ("/policy/roll-out", {"do": "halt"}),
        ("/policy/again", {"number": "77", "reason": "not there"}),
        ("/policy/again", {"number": "x", "reason": "no number"}),
    ):
        assert client.post(path, data={"form_token": form} | data).status_code in (400, 404), path


def test_a_root_is_taken_the_same_way(served, approver):
    from datetime import UTC, datetime

    from weighbridge.fleet import policy_repository
    from weighbridge.sync.policy_metadata import new_root

    online = served.store.write_now(policy_repository.online_key).public_key()
    people = [person(number).public_key() for number in (0, 1, 2)]
    root = new_root(people, 2, online, datetime.fromtimestamp(AT / 1000, UTC), 2)
    signed = [add_signature(root, person(number)) for number in (0, 1)]
    assert publish(approver, *signed).headers["Location"] == "/policy?did=root"
    assert "2 of 3 for policies" in approver[0].get("/policy?did=root").text


@pytest.mark.parametrize("path", ["/policy/versions", "/policy/publish", "/policy/roll-out", "/policy/again"])
def test_who_may_only_read_can_do_none_of_it(served, path):
    client, form = browser(served)
    assert client.post(path, data={"form_token": form}).status_code == 403


def test_files_come_as_a_folder_or_one_by_one():
    folder = {"acme/policy.yaml": b"1", "acme/rules.cedar": b"2", "acme/tests/a.yaml": b"3", "acme/README.md": b"4"}
    wanted = {"policy.yaml": b"1", "rules.cedar": b"2", "tests/a.yaml": b"3"}
    assert folder_of(folder) == wanted
    assert folder_of({"policy.yaml": b"1", "rules.cedar": b"2", "a.yaml": b"3"}) == wanted
    assert folder_of({"C:\\fake\\policy.yaml": b"1"}) == {"policy.yaml": b"1"}
    assert folder_of({"../../etc/passwd": b"x", "": b"y", "a/b/.cedar.swp": b"z"}) == {}
    with pytest.raises(Exception, match="larger than 1 MB"):
        folder_of({"policy.yaml": bytes((1 << 20) + 1)})


def test_what_is_shown_of_a_policy_is_text(served, approver):
    files = policy_files()
    files["policy.yaml"] = files["policy.yaml"].replace(b"name: balanced", b'name: "<script>alert(1)</script>"')
    assert upload(approver, files, note="<img src=x>").status_code == 303
    page = approver[0].get("/policy").text
    assert "<script>alert" not in page
    assert "<img src=x>" not in page
    assert json.loads(approver[0].get("/api/v1/policy").text)["versions"][0]["note"] == "<img src=x>"
