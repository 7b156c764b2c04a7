import pytest
from django.test import Client

from tests.factories import make_user


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/people/%00/", "/brief/feed/%00/rss.xml", "/welcome/?topic=%00"])
def test_an_address_with_a_null_byte_is_a_bad_request_and_no_error_of_ours(client: Client, address: str) -> None:
    client.force_login(make_user())
    assert client.get(address).status_code == 400
