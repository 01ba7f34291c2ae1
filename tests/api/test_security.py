from api.security import new_nonce, page_policy


def test_a_page_may_load_from_its_own_host_only() -> None:
    sources = page_policy("abc").replace(";", " ").split()
    assert not [source for source in sources if "*" in source or "http" in source]


def test_scripts_run_from_our_files_or_with_the_nonce_of_the_page() -> None:
    assert "script-src 'self' 'nonce-abc';" in page_policy("abc")


def test_no_two_pages_share_a_nonce() -> None:
    assert new_nonce() != new_nonce()
