/** Whether bytes (base64) are a UUID as Mesos takes it: 16 with the version and variant of RFC 4122, or all zero. */
export function isUuid(base64: string): boolean {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length !== 16) return false;
  const version = (bytes[6] ?? 0) >> 4;
  const variant = (bytes[8] ?? 0) >> 6;
  return bytes.every((byte) => byte === 0) || (variant === 0b10 && version >= 1 && version <= 5);
}
