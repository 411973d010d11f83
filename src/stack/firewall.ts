import { bashScript } from './shell.js'

/** What the rules are written in. */
export type FirewallForm = 'nftables' | 'iptables'

/** The firewall around the metadata service, and who else gets through. */
export interface Firewall {
  readonly form: FirewallForm
  /** Users besides root, by name or number: a broker that hands out credentials, a log agent. */
  readonly brokers: readonly string[]
}

/**
 * What hands out credentials to whoever asks: the instance's metadata, the ECS agent, EKS Pod Identity.
 *
 * @source AWS EC2 "Access instance metadata", ECS "Task IAM role", EKS "Pod Identity agent"
 */
const addresses = {
  v4: ['169.254.169.254', '169.254.170.2', '169.254.170.23'],
  v6: ['fd00:ec2::254', 'fd00:ec2::23'],
} as const

const isNumber = (user: string) => /^\d+$/.test(user)

/** Where the rules lie on the machine. */
const rulesFile = '/usr/local/lib/bridle/metadata-firewall'

/**
 * The rules, as a script that sets them. It can be run again at any time, and at no time lets anybody through.
 *
 * A packet without a socket has no user, and is rejected like everybody's. What a container sends comes by no user, so
 * nothing that is forwarded gets there.
 */
export const firewallRules = (firewall: Firewall): string => `#!/bin/sh
# Closes the metadata service and its kin to everybody but ${listed(['root', ...firewall.brokers])}: ${addresses.v4.join(', ')}, ${addresses.v6.join(', ')}.
# Written by \`bridle stack\`. It is run at boot, and again after each start of Docker, which makes chains anew.
set -eu
[ -n "\${ROOT:-}" ] || export PATH=/usr/sbin:/usr/bin:/sbin:/bin

${firewall.form === 'nftables' ? nftables(firewall) : iptables(firewall)}`

const listed = (names: readonly string[]) => names.join(', ')

/** A table of its own, replaced in one go: Docker knows nothing of it, and what it accepts is still rejected here. */
const nftables = ({ brokers }: Firewall) => `nft -f - <<'END_OF_RULES'
table inet bridle_metadata
delete table inet bridle_metadata
table inet bridle_metadata {
	set endpoints4 {
		type ipv4_addr
		elements = { ${addresses.v4.join(', ')} }
	}

	set endpoints6 {
		type ipv6_addr
		elements = { ${addresses.v6.join(', ')} }
	}

	chain by_user {
		meta skuid { ${['0', ...brokers.map((user) => (isNumber(user) ? user : `"${user}"`))].join(', ')} } accept
		counter reject
	}

	chain output {
		type filter hook output priority -10; policy accept;
		ip daddr @endpoints4 goto by_user
		ip6 daddr @endpoints6 goto by_user
	}

	chain forward {
		type filter hook forward priority -10; policy accept;
		ip daddr @endpoints4 counter reject
		ip6 daddr @endpoints6 counter reject
	}
}
END_OF_RULES
`

/** Chains of our own, each replaced in one go, and a jump to them before all other rules. */
const iptables = ({
  brokers,
}: Firewall) => `# The jump comes first in its chain, before an older one of ours is taken out further down.
first() {
  "$1" -w 10 -I "$2" 1 -j "$3"
  "$1" -w 10 -S "$2" |
    awk -v rule="-A $2 -j $3" '/^-A / { n++ } $0 == rule && n > 1 { print n }' |
    sort -rn |
    while read -r number; do "$1" -w 10 -D "$2" "\${number}"; done
}

# Containers are forwarded. Docker asks DOCKER-USER first, and leaves alone what is in it.
jumps() {
  "$1" -w 10 -N DOCKER-USER 2>/dev/null || true
  first "$1" OUTPUT BRIDLE-OUTPUT
  first "$1" FORWARD BRIDLE-FORWARD
  first "$1" DOCKER-USER BRIDLE-FORWARD
}

iptables-restore -w 10 --noflush <<'END_OF_RULES'
${chains(addresses.v4, brokers, 'icmp-port-unreachable')}
END_OF_RULES
jumps iptables

if [ -e "\${ROOT:-}/proc/net/if_inet6" ]; then
  ip6tables-restore -w 10 --noflush <<'END_OF_RULES'
${chains(addresses.v6, brokers, 'icmp6-port-unreachable')}
END_OF_RULES
  jumps ip6tables
fi
`

const chains = (to: readonly string[], brokers: readonly string[], no: string) =>
  [
    '*filter',
    ':BRIDLE-OUTPUT - [0:0]',
    ':BRIDLE-FORWARD - [0:0]',
    ...['0', ...brokers].map((user) => `-A BRIDLE-OUTPUT -m owner --uid-owner ${user} -j RETURN`),
    ...['OUTPUT', 'FORWARD'].flatMap((chain) =>
      to.map((address) => `-A BRIDLE-${chain} -d ${address} -j REJECT --reject-with ${no}`),
    ),
    'COMMIT',
  ].join('\n')

/** The function of a bash script that puts the rules in force, now and at each boot. */
export const installFirewall = (
  firewall: Firewall,
): string => `# Whoever asks the metadata service is given the role of the machine. Root asks, and nobody else.
install_firewall() {
  write ${rulesFile} 0755 <<'END_OF_FIREWALL'
${firewallRules(firewall)}END_OF_FIREWALL

  # Early, before there is a network. What flushes all rules comes before it.
  write "\${units}/bridle-metadata-firewall.service" 0644 <<'END_OF_UNIT'
# Written by bridle.
[Unit]
Description=Closes the metadata service to everybody but root
DefaultDependencies=no
Conflicts=shutdown.target
After=local-fs.target nftables.service iptables.service ip6tables.service
Wants=network-pre.target
Before=network-pre.target shutdown.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=${rulesFile}

[Install]
WantedBy=sysinit.target
END_OF_UNIT

  write "\${units}/docker.service.d/50-bridle-firewall.conf" 0644 <<'END_OF_UNIT'
# Written by bridle: Docker has made its chains anew.
[Service]
ExecStartPost=${rulesFile}
END_OF_UNIT

  write "\${units}/\${agent}.service.d/50-bridle-firewall.conf" 0644 <<'END_OF_UNIT'
# Written by bridle: no agent without the firewall.
[Unit]
Requires=bridle-metadata-firewall.service
After=bridle-metadata-firewall.service
END_OF_UNIT

  # Ending the machine needs the metadata service, so root does it: with nothing of the agent's environment, whose HOME
  # holds whatever a job has written there.
  if [[ -f "\${ROOT}/usr/local/bin/terminate-instance" ]]; then
    write "\${units}/\${agent}.service.d/50-bridle-terminate.conf" 0644 <<'END_OF_UNIT'
# Written by bridle: the agent user can't ask which machine this is.
[Service]
ExecStopPost=
ExecStopPost=+/usr/bin/env -i HOME=/root PATH=/usr/local/bin:/usr/bin:/bin BUILDKITE_TERMINATE_INSTANCE_AFTER_JOB=\${BUILDKITE_TERMINATE_INSTANCE_AFTER_JOB} /usr/local/bin/terminate-instance
END_OF_UNIT
  fi

  # The agent would ask for its tags in vain, five times.
  if [[ -f "\${ROOT}\${config}/buildkite-agent.cfg" ]]; then
    sed -i 's/^tags-from-ec2-meta-data=.*/tags-from-ec2-meta-data=false/' "\${ROOT}\${config}/buildkite-agent.cfg"
  fi

  systemctl daemon-reload
  systemctl enable bridle-metadata-firewall.service
  systemctl restart bridle-metadata-firewall.service
  say 'the metadata service answers ${listed(['root', ...firewall.brokers])} and nobody else'
}

# Not only written down: tried.
check_firewall() {
  if runuser -u "\${agent}" -- timeout 5 bash -c ': </dev/tcp/169.254.169.254/80' 2>/dev/null; then
    fail "\${agent} reaches the metadata service all the same"
  fi
}
`

/** The firewall alone, as a script that root runs at boot. */
export const firewallScript = (
  about: { readonly queue: string; readonly privileged: boolean },
  firewall: Firewall,
): string =>
  bashScript(
    {
      ...about,
      does: [
        'Closes the instance metadata service to everybody but root: run it as root at boot, before the agent starts.',
        'It stays over reboots and restarts of Docker, and the agent does not start without it. Running it again does no',
        'harm. It keeps away nobody who can use Docker or sudo: they are root. ROOT=/some/folder tries it on copies.',
      ],
    },
    [installFirewall(firewall)],
    ['install_firewall', 'check_firewall'],
  )
