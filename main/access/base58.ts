const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** The bytes that a base58 text (Bitcoin's alphabet, as Solana uses it) stands for; null when it holds anything else. */
export function decodeBase58(text: string): Uint8Array | null {
  let number = 0n;
  for (const letter of text) {
    const digit = ALPHABET.indexOf(letter);
    if (digit === -1) return null;
    number = number * 58n + BigInt(digit);
  }
  const leadingZeros = /^1*/.exec(text)![0].length;
  const digits = number === 0n ? '' : number.toString(16);
  return Buffer.from('00'.repeat(leadingZeros) + (digits.length % 2 === 0 ? digits : `0${digits}`), 'hex');
}
