import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** What a command that only seems to be there does, in sh; it is called with the command's own words. */
const programs: Readonly<Record<string, string>> = {
  chown: 'exit 0',
  systemctl: '[ "$1" != is-active ]',
  id: 'case $1 in -u) echo 2000 ;; -nG) cat "$STATE/groups" ;; esac',
  gpasswd: 'echo buildkite-agent >"$STATE/groups"',
  sudo: 'cat "$STATE/sudo"',
  // The agent user can read and enter everything, write nothing, and reach no metadata.
  runuser: 'case "$4 $5" in "test -r" | "test -x") exit 0 ;; *) exit 1 ;; esac',
  'iptables-restore': 'cat >/dev/null',
  'ip6tables-restore': 'cat >/dev/null',
  iptables: 'exit 0',
  ip6tables: 'exit 0',
  nft: 'cat >/dev/null',
}

/** The files of a machine of the stack, as far as a boot script cares, in words of our own. */
const files: Readonly<Record<string, string>> = {
  'etc/systemd/system/buildkite-agent.service': '[Service]\nKillMode=process\n',
  'etc/buildkite-agent/buildkite-agent.cfg':
    'token="secret"\ntags-from-ec2-meta-data=true\nhooks-path=/etc/buildkite-agent/hooks\nspawn=1\n',
  'etc/buildkite-agent/hooks/environment':
    '#!/usr/bin/env bash\nset -eu\nsource ~/cfn-env\ndocker ps || exit 1\necho "$FROM_STACK"\n',
  'etc/buildkite-agent/verification-key.json': '{}\n',
  'var/lib/buildkite-agent/cfn-env': 'export FROM_STACK=yes\n',
  'var/lib/buildkite-agent/env': 'BUILDKITE_NO_COMMAND_EVAL=true\n',
  'usr/local/bin/terminate-instance': '#!/bin/bash\n',
  'usr/local/bin/stop-agent-gracefully': '#!/bin/bash\neval "$(cat /var/lib/buildkite-agent/cfn-env)"\n',
  'usr/local/buildkite-aws-stack/plugins/ecr/hooks/environment': '#!/bin/bash\n',
  'proc/net/if_inet6': '',
  'opt/.keep': '',
}

const sudoSays = `Matching Defaults entries for buildkite-agent on ip-10-0-0-1:
    !visiblepw, always_set_home

User buildkite-agent may run the following commands on ip-10-0-0-1:
    (root) NOPASSWD: /usr/bin/fix-buildkite-agent-builds-permissions
`

const made: string[] = []

/** Takes away what was made. */
export const removeMachines = () => {
  for (const root of made.splice(0)) rmSync(root, { recursive: true })
}

/** A machine in a folder, on which nothing really happens. */
export const machine = (changed: Readonly<Record<string, string>> = {}) => {
  const root = mkdtempSync(join(tmpdir(), 'bridle-stack-'))
  made.push(root)
  const [bin, state, log] = [join(root, 'bin'), join(root, 'state'), join(root, 'log')]
  const put = (path: string, text: string, mode?: number) => {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
    if (mode !== undefined) chmodSync(path, mode)
  }
  for (const [path, text] of Object.entries({ ...files, ...changed })) put(join(root, 'host', path), text)
  put(join(state, 'groups'), 'buildkite-agent docker\n')
  put(join(state, 'sudo'), sudoSays)
  put(log, '')
  for (const [name, does] of Object.entries(programs))
    put(
      join(bin, name),
      `#!/bin/sh\necho "${name} $*" >>"$LOG"\ncase "${name} $*" in $FAILS) exit 1 ;; esac\n${does}\n`,
      0o755,
    )
  return {
    root,
    path: (path: string) => join(root, 'host', path),
    has: (path: string) => existsSync(join(root, 'host', path)),
    read: (path: string) => readFileSync(join(root, 'host', path), 'utf8'),
    say: (name: 'groups' | 'sudo', text: string) => put(join(state, name), text),
    /** The commands so far, with the folder left out of them. */
    commands: () => readFileSync(log, 'utf8').replaceAll(join(root, 'host'), ''),
    /** Runs a script as the stack does. @param fails a pattern of commands that fail */
    run: (script: string, fails = '-') => {
      const { status, stdout, stderr } = spawnSync('bash', [], {
        input: script,
        encoding: 'utf8',
        env: {
          PATH: `${bin}:${process.env['PATH'] ?? ''}`,
          ROOT: join(root, 'host'),
          STATE: state,
          LOG: log,
          FAILS: fails,
        },
      })
      return { status, stdout, stderr }
    },
  }
}
