"""Which network a request comes from, for counting: one IPv4 address, one IPv6 /64."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

# Whatever a misconfigured front server hands over that is no address shares one bucket; it is never a fault of ours.
UNKNOWN = "unknown"
SUBSCRIBER_BITS = 64


def network(remote: str | None) -> str:
    """The network of an address as it is counted; `unknown` for what is no address."""
    try:
        address = ip_address((remote or "").strip())
    except ValueError:
        return UNKNOWN
    if isinstance(address, IPv6Address):
        return _of_six(address)
    return str(address)


def _of_six(address: IPv6Address) -> str:
    inner: IPv4Address | None = address.ipv4_mapped
    if inner is not None:
        return str(inner)
    return str(IPv6Network((address.packed, SUBSCRIBER_BITS), strict=False))
