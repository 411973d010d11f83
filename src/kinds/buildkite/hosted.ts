/**
 * The machines that Buildkite offers for hosted queues.
 *
 * @source Buildkite's SDL, `HostedAgentInstanceShapeName` and `HostedAgentMacOSVersion`
 */
export const instanceShapes = [
  'LINUX_AMD64_2X4',
  'LINUX_AMD64_4X16',
  'LINUX_AMD64_8X32',
  'LINUX_AMD64_16X64',
  'LINUX_AMD64_32X128',
  'LINUX_AMD64_64X256',
  'LINUX_ARM64_2X4',
  'LINUX_ARM64_4X16',
  'LINUX_ARM64_8X32',
  'LINUX_ARM64_16X64',
  'LINUX_ARM64_32X128',
  'LINUX_ARM64_64X256',
  'MACOS_ARM64_M4_6X28',
  'MACOS_ARM64_M4_12X56',
] as const

export type InstanceShape = (typeof instanceShapes)[number]

export const macosVersions = [
  'GOLDEN_GATE',
  'SEQUOIA',
  'SONOMA',
  'TAHOE',
  'TAHOE_26_6',
  'TAHOE_SLIM',
] as const

/** What a queue of this shape runs on, for ever: `LINUX_AMD64`. Only the size behind it can change. */
export const platformOf = (shape: InstanceShape): string =>
  shape.replace(/_\d+X\d+$/, '').replace(/_M\d+$/, '')
