"""Which addresses are opened."""

from __future__ import annotations

import pickle

import pytest

from tldr_outbound import AddressPolicy, AddressRefused, SourceNotFound

REFUSED = [
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.8.8.8",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "192.0.0.192",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "::8.8.8.8",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "2606:4700::1111%eth0",
    "ff02::1",
    "not an address",
]


@pytest.mark.parametrize("address", REFUSED)
def test_an_address_that_is_not_public_is_refused(address: str) -> None:
    assert not AddressPolicy().allows(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.215.14", "172.32.0.1", "2606:4700::1111", "2a00:1450::1"])
def test_a_public_address_is_allowed(address: str) -> None:
    assert AddressPolicy().allows(address)


def test_loopback_is_allowed_only_where_the_setting_says_so() -> None:
    policy = AddressPolicy(allow_loopback=True)
    assert policy.allows("127.0.0.1")
    assert policy.allows("::1")
    assert not policy.allows("::ffff:127.0.0.1")
    assert not policy.allows("10.0.0.1")


def test_an_operator_can_name_a_private_network() -> None:
    policy = AddressPolicy(allowed_networks=("10.20.0.0/16", "fd12::/16"))
    assert policy.allows("10.20.3.4")
    assert policy.allows("fd12::1")
    assert not policy.allows("10.21.0.1")


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "concat:http://a/|http://b/",
        "data:text/plain,hello",
        "subfile,,start,0,end,9,,:/etc/passwd",
        "ftp://example.com/a",
        "rtmp://example.com/live",
        "//example.com/a",
        "http:///nohost",
        "http://example.com:25/",
        "http://example.com:99999/",
        "http://[::1]/",
        "http://127.0.0.1/",
        "http://metadata.google.internal/computeMetadata/v1/",
        "http://[broken/",
        "/etc/passwd",
    ],
)
def test_a_url_that_is_never_opened_is_refused_before_resolving(url: str) -> None:
    with pytest.raises(AddressRefused) as caught:
        AddressPolicy().check_url(url)
    assert caught.value.code == "address_refused"
    assert caught.value.sentence.endswith(".")


def test_an_ordinary_url_passes() -> None:
    AddressPolicy().check_url("https://example.com/video.mp4?token=a")
    AddressPolicy().check_url("http://example.com:8080/video.mp4")


def test_errors_cross_process_borders() -> None:
    for error in (SourceNotFound(404, "http://example.com/a"), AddressRefused("No.")):
        copy = pickle.loads(pickle.dumps(error))
        assert (type(copy), copy.code, copy.sentence) == (type(error), error.code, error.sentence)
        assert getattr(copy, "status", None) == getattr(error, "status", None)
