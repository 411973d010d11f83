/** The commands that plugins bring: package.json names the plugins. */
export const commandsOfPlugins: readonly string[] = ['autocomplete', 'help']

/** Whether these words need what plugins bring: their commands, and the list of all commands. Nothing else does. */
export const asksForPlugins = ([first]: readonly string[]): boolean =>
  first === undefined ||
  commandsOfPlugins.includes(first.split(':')[0] ?? '') ||
  (first.startsWith('-') && first !== '--version')
