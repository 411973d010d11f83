import { accessWhy } from '../../src/workflow/access.js'
import { filesOf } from './files.js'

/** `bridle access why --offline`, on files by path. */
export const whyOffline = (files: Readonly<Record<string, string>>, who: string, on: string) =>
  accessWhy(
    {
      files: filesOf(files),
      root: 'bridle.yaml',
      today: '2026-11-22',
      connect: () => {
        throw new Error('files alone were asked about')
      },
    },
    { basis: 'files', now: '2026-11-22T00:00:00.000Z', who, on },
  )
