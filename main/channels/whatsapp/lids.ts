/** The part of an address before `@`, without the number of the device. */
export function userOf(jid: string): string {
  return jid.split('@', 1)[0]!.split(':', 1)[0]!;
}

const isLid = (jid: string): boolean => jid.endsWith('@lid') || jid.endsWith('@hosted.lid');
const phoneJid = (digits: string): string => `${digits}@s.whatsapp.net`;

/** The same account whatever device it writes from: `82101:4@s.whatsapp.net` is `82101@s.whatsapp.net`. */
export function withoutDevice(jid: string): string {
  const at = jid.indexOf('@');
  return at === -1 ? jid : `${userOf(jid)}${jid.slice(at)}`;
}

/**
 * WhatsApp hides phone numbers behind identities of its own (`…@lid`). A chat has to have one address, so they are
 * translated: from what was learnt, from the second address that came with the message, from what the library knows.
 */
export class Lids {
  readonly #phones = new Map<string, string>();

  /** Both belong to one account, in whichever order. */
  learn(one: string | null | undefined, other: string | null | undefined): void {
    if (!one || !other || isLid(one) === isLid(other)) return;
    const [lid, phone] = isLid(one) ? [one, other] : [other, one];
    if (/^\d+$/.test(userOf(phone))) this.#phones.set(userOf(lid), userOf(phone));
  }

  /** `alt`: the second address of the same account. When nobody knows the number, the hidden identity stays the address. */
  async translate(jid: string, alt: string | null | undefined, phoneOf: (lid: string) => Promise<string | null>): Promise<string> {
    const plain = withoutDevice(jid);
    if (!isLid(plain)) return plain;
    this.learn(plain, alt);
    const known = this.#phones.get(userOf(plain));
    if (known !== undefined) return phoneJid(known);
    this.learn(plain, await phoneOf(plain).catch(() => null));
    const found = this.#phones.get(userOf(plain));
    return found === undefined ? plain : phoneJid(found);
  }
}
