import { relative } from 'node:path'
import type { Machine, Ran } from './machine.js'

/** What of the environment git needs to be itself: whose it is, and how commits are signed. Tokens are none of it. */
const passed = [
  'HOME',
  'XDG_CONFIG_HOME',
  'USER',
  'LOGNAME',
  'TERM',
  'GNUPGHOME',
  'GPG_TTY',
  'SSH_AUTH_SOCK',
  'GIT_CONFIG_GLOBAL',
  'GIT_CONFIG_SYSTEM',
  'GIT_CONFIG_NOSYSTEM',
  'GIT_AUTHOR_NAME',
  'GIT_AUTHOR_EMAIL',
  'GIT_COMMITTER_NAME',
  'GIT_COMMITTER_EMAIL',
]

/** Git, in one folder. */
export interface Git {
  /** The folder of the repository; nothing where there is none, or no git. */
  readonly top: string | undefined
  readonly email: string | undefined
  /** The URL of `origin`, without a password. */
  readonly origin: string | undefined
  /** Those of these files that have changes nobody committed. */
  dirty(files: readonly string[]): readonly string[]
  hasBranch(name: string): boolean
  /** Commits these files and no others on a new branch. @returns what git said where it would not */
  commit(branch: string, message: string, files: readonly string[]): string | undefined
}

/** Looks at the repository that a folder is in. */
export const gitIn = (machine: Pick<Machine, 'env' | 'run'>, folder: string): Git => {
  const { env } = machine
  const own = Object.fromEntries(
    passed.flatMap((name) => {
      const value = env[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
  const git = (...args: readonly string[]): Ran | undefined =>
    machine.run('git', ['-C', folder, ...args], { env: own, seconds: 60 })
  const line = (...args: readonly string[]): string | undefined => {
    const ran = git(...args)
    const said = ran?.status === 0 ? ran.stdout.trim() : ''
    return said === '' ? undefined : said
  }
  const top = line('rev-parse', '--show-toplevel')
  return {
    top,
    email: line('config', 'user.email')?.toLowerCase(),
    origin: withoutPassword(top === undefined ? undefined : line('remote', 'get-url', 'origin')),
    dirty: (files) =>
      files.filter((file) => (git('status', '--porcelain', '--', file)?.stdout.trim() ?? '') !== ''),
    hasBranch: (name) => git('rev-parse', '--verify', '--quiet', `refs/heads/${name}`)?.status === 0,
    commit: (branch, message, files) => {
      const steps = [
        ['switch', '--quiet', '-c', branch],
        ['add', '--', ...files],
        ['commit', '--quiet', '-m', message, '--', ...files],
      ]
      for (const args of steps) {
        const ran = git(...args)
        if (ran?.status !== 0)
          return `git ${args[0] ?? ''}: ${(ran?.stderr ?? ran?.stdout ?? '').trim() || 'it failed'}`
      }
      return undefined
    },
  }
}

/** A remote may hold somebody's token: whoever reads the files would have it. */
const withoutPassword = (url: string | undefined): string | undefined =>
  url?.replace(/^(https?:\/\/)[^/@]*@/i, '$1')

/** What leads from the top of a repository to a folder in it; empty where it is the top, or is not in it. */
export const folderIn = (top: string, folder: string): string => {
  const steps = relative(top, folder)
  return steps === '' || steps.startsWith('..') ? '' : `${steps}/`
}
