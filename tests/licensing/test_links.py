import pytest

from weighbridge.licensing.links import leads_elsewhere, license_of_link


@pytest.mark.parametrize(
    ("link", "license_id"),
    [
        ("https://creativecommons.org/licenses/by-nc/4.0/legalcode", "cc-by-nc-4.0"),
        ("http://www.creativecommons.org/licenses/by-sa/4.0", "cc-by-sa-4.0"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "cc0-1.0"),
        ("https://www.apache.org/licenses/LICENSE-2.0.txt", "apache-2.0"),
        ("https://opensource.org/licenses/MIT", "mit"),
        ("https://opensource.org/license/mit/", "mit"),
        ("https://choosealicense.com/licenses/mit/#", "mit"),
        ("https://www.gnu.org/licenses/gpl-3.0.html", "gpl-3.0"),
        ("https://spdx.org/licenses/BSD-3-Clause.html", "bsd-3-clause"),
        ("https://www.mozilla.org/en-US/MPL/2.0/", "mpl-2.0"),
        ("https://acme.example/terms", None),
        ("LICENSE", None),
        ("", None),
    ],
)
def test_addresses_of_known_licenses(link, license_id):
    assert license_of_link(link) == license_id


@pytest.mark.parametrize(
    "link",
    [
        "LICENSE",
        "./LICENSE.md",
        "https://huggingface.co/acme/m/blob/main/LICENSE",
        "https://opensource.org/licenses/MIT",
    ],
)
def test_what_leads_to_a_known_place(link):
    assert not leads_elsewhere(link)


@pytest.mark.parametrize(
    "link",
    [
        "https://acme.example/terms",
        "https://acme.example/LICENSE",
        "docs/weights.txt",
        "README.md",
        "https://hf.co/acme/m",
        "",
    ],
)
def test_what_leads_elsewhere(link):
    assert leads_elsewhere(link)
