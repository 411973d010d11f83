import fc from 'fast-check'

/** Names that somebody may give to a team or a pipeline so that a report lies, or a terminal or a page obeys. */
export const hostileNames = [
  '\u001b[2J\u001b[1;1Hall is well', // clears the screen
  '\u001b]8;;https://evil.test\u0007click\u001b]8;;\u0007', // a link on a terminal
  '\u001b]0;owned\u0007', // the window's title
  '\u009b31mred', // the same as ESC [ in one character
  '\rNothing to do: the organization is as declared.', // over the line
  'web\n\nNothing to do: the organization is as declared.\n', // a line of its own
  'web\r\n? 0',
  'web\u2028\u2029web',
  'web\u0000\u0008\u0008\u0008ops',
  'web\u0085next',
  'a\u202egnp.exe', // right to left from here
  'a\u2066b\u2069\u200e\u200f\u061c',
  'we\u200bb', // a space of no width
  'we\u200db\u2060\ufeff\u00ad',
  'web\u034f\u115f\u3164\uffa0\u2800', // letters that show nothing
  'web\u{e0041}\u{e007f}', // tags
  'web\ufe0f\u{e0100}', // variation selectors
  'web\u00a0\u2003\u3000',
  'web\ud800', // half a character
  '\u{f0000}\ue000', // private use
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '</code></pre><h1>hi</h1>',
  '<!-- -->',
  '&lt;b&gt;&#x202e;',
  '[click](https://evil.test)',
  '![x](https://evil.test/x.png)',
  'https://evil.test',
  '@everyone',
  '# heading',
  '- [x] done',
  '| a | b |\n| - | - |',
  '**bold** _it_ ~~gone~~',
  '`code`',
  '``',
  '```',
  '```\n```',
  '~~~',
  '` `` ``` ````',
  ' ',
  '',
  '\\',
  '\\u001b',
  '"quoted"',
  "'; drop table --",
  '$(reboot)',
  '%s %d',
  '{{ .Secret }}',
  '__proto__',
  'error[unknown-key]: nothing',
  '名前 🚀 é e\u0301 ‮',
]

/** A part of each, and all that a generator can think of. */
const pieces = fc.oneof(
  fc.constantFrom(...hostileNames),
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom('`', '\n', ' ', '\u001b', '\u202e', '|', '<', '&', '\\', '"', 'a', '\u200b'),
  }),
)

/** One hostile name. */
export const hostile: fc.Arbitrary<string> = fc
  .array(pieces, { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join(''))

/** What must never reach a reader as it is. Line ends are the report's own business. */
export const unsafe = new RegExp(
  [
    String.raw`[\u0000-\u0009\u000b-\u001f\u007f-\u009f]`, // controls
    String.raw`[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]`, // directions and separators
    String.raw`\u034f|[\u00ad\u115f\u1160\u180e\u200b-\u200d\u2060-\u2065\u3164\ufeff\uffa0]`, // nothing to see
    String.raw`\ufe0f|[\ufe00-\ufe0e\u{e0000}-\u{e0fff}]`, // variation selectors and tags
    String.raw`\p{Cs}`, // halves of characters
  ].join('|'),
  'u',
)
