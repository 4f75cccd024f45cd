/** A version by Semantic Versioning 2.0, taken apart; what follows a `+` decides nothing. */
interface Version {
  readonly numbers: readonly number[];
  readonly preRelease: readonly string[];
}

const NUMBER = String.raw`(?:0|[1-9]\d{0,14})`;
const IDENTIFIER = String.raw`(?:${NUMBER}|\d*[A-Za-z-][0-9A-Za-z-]*)`;
const VERSION = new RegExp(String.raw`^(${NUMBER})\.(${NUMBER})\.(${NUMBER})(?:-(${IDENTIFIER}(?:\.${IDENTIFIER})*))?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$`);
const LONGEST = 256;

export function isVersion(text: string): boolean {
  return parse(text) !== null;
}

/** Whether `candidate` comes after `than`. Throws for what is no version. */
export function isNewer(candidate: string, than: string): boolean {
  const [left, right] = [candidate, than].map((text) => {
    const version = parse(text);
    if (version === null) throw new Error(`"${text}" is not a version`);
    return version;
  }) as [Version, Version];
  return (order(left.numbers, right.numbers) || orderOfPreReleases(left.preRelease, right.preRelease)) > 0;
}

function parse(text: string): Version | null {
  const match = text.length > LONGEST ? null : VERSION.exec(text);
  if (match === null) return null;
  return { numbers: match.slice(1, 4).map(Number), preRelease: match[4]?.split('.') ?? [] };
}

function order(left: readonly number[], right: readonly number[]): number {
  return left.map((number, index) => number - right[index]!).find((difference) => difference !== 0) ?? 0;
}

/** A release comes after its pre-releases; of those the first identifier that differs decides, then the longer one. */
function orderOfPreReleases(left: readonly string[], right: readonly string[]): number {
  if (left.length === 0 || right.length === 0) return right.length - left.length;
  const at = left.findIndex((identifier, index) => identifier !== right[index]);
  if (at === -1 || at >= right.length) return left.length - right.length;
  const [mine, other] = [left[at]!, right[at]!];
  const [isNumber, otherIsNumber] = [/^\d+$/.test(mine), /^\d+$/.test(other)];
  if (isNumber && otherIsNumber) return Number(mine) - Number(other);
  if (isNumber !== otherIsNumber) return isNumber ? -1 : 1;
  return mine < other ? -1 : 1;
}
