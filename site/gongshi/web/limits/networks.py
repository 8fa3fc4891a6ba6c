"""Which network a request comes from, for counting: one IPv4 address, one IPv6 /64."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

# Whatever a misconfigured front server hands over that is no address shares one bucket; it is never a fault of ours.
UNKNOWN = "unknown"
SUBSCRIBER_BITS = 64


def address(remote: str | None) -> IPv4Address | IPv6Address | None:
    """The address of whoever asks, an IPv4 one dressed as IPv6 undressed; None for what is no address."""
    try:
        found = ip_address((remote or "").strip())
    except ValueError:
        return None
    inner = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return inner or found


def network(remote: str | None) -> str:
    """The network of an address as it is counted; `unknown` for what is no address."""
    found = address(remote)
    if found is None:
        return UNKNOWN
    if isinstance(found, IPv6Address):
        return str(IPv6Network((found.packed, SUBSCRIBER_BITS), strict=False))
    return str(found)
