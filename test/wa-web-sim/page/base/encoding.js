export function toBase64(bytes) {
  let binary = '';
  for (const byte of new Uint8Array(bytes)) binary += String.fromCharCode(byte);
  return btoa(binary);
}

export function fromBase64(text) {
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}

export function randomBytes(count) {
  return crypto.getRandomValues(new Uint8Array(count));
}

export function randomHex(count) {
  return [...randomBytes(count)]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase();
}

export async function sha256Base64(buffer) {
  return toBase64(await crypto.subtle.digest('SHA-256', buffer));
}
