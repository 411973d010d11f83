import { installFirewall, type Firewall } from './firewall.js'
import { bashScript, word } from './shell.js'

/** Until all is done there is no mark, and without the mark the agent's unit does not start: not even at a later boot. */
const holdAgent = `# First of all: nothing starts the agent before the last line of this has run.
hold_agent() {
  # What a job can do meanwhile, nobody can undo afterwards.
  if systemctl is-active --quiet "\${agent}"; then fail 'the agent runs already: stop it first'; fi
  rm -f "\${ROOT}\${mark}"
  write "\${units}/\${agent}.service.d/50-bridle.conf" 0644 <<'END_OF_UNIT'
# Written by bridle.
[Unit]
AssertPathExists=/etc/bridle/hardened

[Service]
# The agent user owns the folder of the other one, and could put its own there.
EnvironmentFile=
EnvironmentFile=-/etc/buildkite-agent/env
# Whatever a job left running is killed when the agent ends. Not control-group: that would end the job itself as soon as
# the machine is asked to stop, and as the stack's TimeoutStopSec is 0, wait for ever for what ignores SIGTERM.
KillMode=mixed
END_OF_UNIT
  systemctl daemon-reload
  id -u "\${agent}" >/dev/null
  [[ -f "\${ROOT}\${units}/\${agent}.service" && -f "\${ROOT}\${config}/buildkite-agent.cfg" ]] ||
    fail 'this is no machine of the Elastic CI Stack: it has no agent, or none that is configured'
}
`

/**
 * What the `environment` hook sources is a file of root's in a folder of the agent user's, who can put another in its
 * place; as root, `stop-agent-gracefully` evaluates it. The same goes for the unit's environment.
 */
const moveFiles = `# What root and the hooks read moves out of the folder that every job can write to.
move_files() {
  local links from to file rest
  links="$(find "\${ROOT}\${config}" -type l)"
  [[ -z "\${links}" ]] || fail "links in \${config} could lead anywhere: \${links}"

  from="\${ROOT}\${home}/cfn-env" to="\${ROOT}\${config}/cfn-env"
  if [[ ! -e "\${to}" ]]; then
    [[ -f "\${from}" && ! -L "\${from}" && -O "\${from}" ]] || fail "there is no \${home}/cfn-env of root's"
    cp "\${from}" "\${to}.new"
    mv "\${to}.new" "\${to}"
  fi
  for file in "\${ROOT}\${config}"/hooks/* "\${ROOT}"/usr/local/bin/stop-agent-gracefully "\${ROOT}"/usr/bin/stop-agent-gracefully; do
    [[ -f "\${file}" ]] || continue
    sed -i -E 's#(~|[$][{]?HOME[}]?|/var/lib/buildkite-agent)/cfn-env#/etc/buildkite-agent/cfn-env#g' "\${file}"
  done
  rest="$(grep -rhE '(^|[;& ])(source|[.]) .*cfn-env' "\${ROOT}\${config}/hooks" | grep -vF "\${config}/cfn-env" || true)"
  [[ -z "\${rest}" ]] || fail "a hook sources another cfn-env: \${rest}"

  # There is one from now on, even if it is empty: what a job leaves under the old name is never taken for it.
  from="\${ROOT}\${home}/env" to="\${ROOT}\${config}/env"
  if [[ ! -e "\${to}" ]]; then
    [[ ! -L "\${from}" ]] || fail "\${home}/env is a link"
    if [[ -f "\${from}" ]]; then cp "\${from}" "\${to}.new"; else : >"\${to}.new"; fi
    mv "\${to}.new" "\${to}"
  fi
  rm -f "\${from}"

  # A sticky folder of root's: the agent user may add to it, and can't replace what is root's.
  chown root:"\${agent}" "\${ROOT}\${home}"
  chmod 1775 "\${ROOT}\${home}"
  say "\${config} holds what root and the hooks read"
}
`

/** On the image hooks, configuration and plugins belong to the agent user, so every job can change what runs next. */
const ownFiles = `# Root's, and readable: a folder that the agent can't enter switches its hooks off without a word.
own_files() {
  local paths file folder uid
  paths="$(sed -n -E 's/"//g; /^(additional-)?hooks-paths?=/p' "\${ROOT}\${config}/buildkite-agent.cfg")"
  [[ "\${paths}" == "hooks-path=\${config}/hooks" ]] || fail "hooks come from elsewhere, too: \${paths}"

  for folder in "\${config}" /usr/local/buildkite-aws-stack; do
    [[ -d "\${ROOT}\${folder}" ]] || continue
    chown -R -h root:root "\${ROOT}\${folder}"
    chmod -R go-w "\${ROOT}\${folder}"
  done
  chmod 0755 "\${ROOT}\${config}" "\${ROOT}\${config}/hooks"
  for file in "\${ROOT}\${config}"/hooks/*; do
    if [[ -f "\${file}" ]]; then chmod 0755 "\${file}"; fi
  done
  # Each holds a secret, or what only the agent has to know.
  for file in buildkite-agent.cfg cfn-env signing-key.json verification-key.json; do
    [[ -f "\${ROOT}\${config}/\${file}" ]] || continue
    chown root:"\${agent}" "\${ROOT}\${config}/\${file}"
    chmod 0640 "\${ROOT}\${config}/\${file}"
  done
  chmod 0600 "\${ROOT}\${config}/env"

  uid="$(id -u "\${agent}")"
  find "\${ROOT}/etc" "\${ROOT}/usr" "\${ROOT}/opt" -xdev -user "\${uid}" -print -exec chown -h root:root {} +
  say "\${config} and the plugins of the stack are root's"
}
`

/** Who may use Docker is root on the machine, whatever is remapped. The stack's own hook stops a job without Docker. */
const leaveDocker = `# Whoever may use Docker is root. No job may.
leave_docker() {
  local groups group hook="\${ROOT}\${config}/hooks/environment"
  groups="$(id -nG "\${agent}")"
  for group in \${groups}; do
    [[ "\${group}" == "\${agent}" ]] || gpasswd --delete "\${agent}" "\${group}" >/dev/null
  done
  groups="$(id -nG "\${agent}")"
  [[ "\${groups}" == "\${agent}" ]] || fail "\${agent} is in more groups than its own: \${groups}"
  if [[ -f "\${hook}" ]] && ! grep -q 'bridle: no Docker' "\${hook}"; then
    sed -i '1a docker() { return 0; } # bridle: no Docker here, and the stack looks for one' "\${hook}"
  fi
  say "\${agent} is in no group but its own"
}
`

const keepDocker = `# Not privileged, so jobs keep Docker, and with it every way onto the machine.
keep_docker() {
  local groups
  groups="$(id -nG "\${agent}")"
  case " \${groups} " in
    *' docker '*) say "warning: jobs can use Docker, and so are root here: what is closed below is closed to the careless" ;;
    *) ;;
  esac
}
`

/** All that the image lets the agent user do as root. */
const sudoAllowed = '(root) NOPASSWD: /usr/bin/fix-buildkite-agent-builds-permissions'

const checkSudo = `check_sudo() {
  local rights line listing=false known=false
  command -v sudo >/dev/null || return 0
  rights="$(LC_ALL=C sudo -n -l -U "\${agent}" 2>&1 || true)"
  while read -r line; do
    case "\${line}" in
      *'may run the following commands'*) listing=true known=true ;;
      *'is not allowed to run sudo'*) known=true ;;
      '' | '${sudoAllowed}') ;;
      *) [[ "\${listing}" == false ]] || lacking "\${agent} may run as root: \${line}" ;;
    esac
  done <<<"\${rights}"
  [[ "\${known}" == true ]] || lacking "sudo does not say what \${agent} may do"
}
`

const checkAsAgent = `# What has been written down is tried as the agent user.
check_as_agent() {
  local path
  for path in "\${config}" "\${config}/hooks"; do
    runuser -u "\${agent}" -- test -x "\${ROOT}\${path}" || fail "\${agent} can't enter \${path}"
  done
  for path in buildkite-agent.cfg cfn-env; do
    runuser -u "\${agent}" -- test -r "\${ROOT}\${config}/\${path}" || fail "\${agent} can't read \${config}/\${path}"
  done
  for path in "\${ROOT}\${config}" "\${ROOT}\${config}"/* "\${ROOT}\${config}"/hooks/*; do
    if [[ -e "\${path}" ]] && runuser -u "\${agent}" -- test -w "\${path}"; then
      fail "\${agent} can write \${path}"
    fi
  done
  [[ -x "\${ROOT}\${config}/hooks/pre-bootstrap" ]] ||
    say 'warning: there is no pre-bootstrap hook, so the agent takes every job that it is given'
}
`

const release = `release_agent() {
  printf 'hardened by bridle, for queue %s\\n' "\${queue}" | write "\${mark}" 0644
  systemctl daemon-reload
  say 'done: the agent may start'
}
`

const settings = (queue: string, privileged: boolean) => `queue=${word(queue)}
home=/var/lib/buildkite-agent
mark=/etc/bridle/hardened

# What a privileged queue can't do without is asked of others in a warning.
lacking() {
  ${privileged ? 'fail "$*"' : 'say "warning: $*"'}
}
`

/**
 * What hardens a machine of the stack at boot. The stack runs it as root after it has written the agent's configuration
 * and before it starts the agent; where it fails, the stack switches the machine off.
 */
export const bootScript = (
  about: { readonly queue: string; readonly privileged: boolean },
  firewall: Firewall,
): string =>
  bashScript(
    {
      ...about,
      does: [
        'Hardens the machine before its agent starts: BootstrapScriptUrl names it, and the stack runs it as root at boot.',
        'Where anything fails it ends with 1, the stack switches the machine off, and the agent does not start at a later',
        'boot either. Running it again does no harm. ROOT=/some/folder tries it on copies of the files.',
      ],
    },
    [
      settings(about.queue, about.privileged),
      holdAgent,
      moveFiles,
      installFirewall(firewall),
      about.privileged ? leaveDocker : keepDocker,
      ownFiles,
      checkSudo,
      checkAsAgent,
      release,
    ],
    [
      'hold_agent',
      'move_files',
      'install_firewall',
      about.privileged ? 'leave_docker' : 'keep_docker',
      'own_files',
      'check_sudo',
      'check_as_agent',
      'check_firewall',
      'release_agent',
    ],
  )
