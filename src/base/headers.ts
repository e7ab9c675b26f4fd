/** Lengths of headers on the wire; those of IPv4 and TCP without options. */
export const ETHERNET_BYTES = 14;
export const IPV4_BYTES = 20;
export const UDP_BYTES = 8;
export const TCP_BYTES = 20;

/** The shortest and the longest Ethernet frame as qdiscs count, without its checksum: the longest has 1500 bytes of IP. */
export const SHORTEST_FRAME_BYTES = 60;
export const LONGEST_FRAME_BYTES = 1514;
