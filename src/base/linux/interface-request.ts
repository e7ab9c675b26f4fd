/** net/if.h: length of struct ifreq, and of the interface name with its 0 that it begins with. */
export const IFREQ_BYTES = 40;
export const IFNAMSIZ = 16;

/** A struct ifreq about an interface, of which all but the name is 0. A name that is too long is cut off. */
export function interfaceRequest(interfaceName: string): Buffer {
  const request = Buffer.alloc(IFREQ_BYTES);
  request.write(interfaceName, 0, IFNAMSIZ - 1);
  return request;
}
