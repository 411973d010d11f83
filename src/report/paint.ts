/** What a stretch of text means, so that a terminal may show it. */
export type Tone = 'heading' | 'added' | 'changed' | 'removed' | 'error' | 'warning' | 'faint'

/** Gives text its colour. A report is handed one, and says the same words with any. */
export type Paint = (tone: Tone, text: string) => string

/** Paper. */
export const unpainted: Paint = (_tone, text) => text
