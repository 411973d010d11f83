import type { Json } from '../model/json.js'
export const parsePolicy = (value: Json, _how: { for: 'trust' | 'identity' }): { document: Json } | { problems: readonly { path: readonly (string | number)[]; what: string }[] } => ({ document: value })
