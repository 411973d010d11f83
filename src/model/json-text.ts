/**
 * What a reader could not see, or would see elsewhere than it stands: control characters (ESC begins terminal
 * commands), line ends, bidirectional and zero-width characters, tags, fillers, spaces that only look like a space,
 * private use, halves of surrogate pairs.
 */
export const unseen =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u00a0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000]/gu

const units = (character: string) =>
  Array.from(
    { length: character.length },
    (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`,
  )

/** JSON as JSON.stringify makes it, with those characters as escapes: another program reads the same value. */
export const jsonText = (value: unknown): string =>
  JSON.stringify(value, null, 2).replaceAll(unseen, (character) =>
    character === '\n' ? character : units(character).join(''),
  )
