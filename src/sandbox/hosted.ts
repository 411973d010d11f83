import { Refused } from './refused.js'
import type { Queue } from './rows.js'

type Hosted = NonNullable<Queue['hosted']>

/** @source Buildkite docs, "Hosted agents": vCPU and GiB, and what the sizes are called */
const sizes: Readonly<Record<string, string>> = {
  LINUX_2X4: 'SMALL',
  LINUX_4X16: 'MEDIUM',
  LINUX_8X32: 'LARGE',
  LINUX_16X64: 'EXTRA_LARGE',
  LINUX_32X128: 'EXTRA_EXTRA_LARGE',
  LINUX_64X256: 'THREE_XL',
  MACOS_6X28: 'MEDIUM',
  MACOS_12X56: 'LARGE',
}

const partsOf = (shape: string) => {
  const [, machineType = '', architecture = '', vcpu = '', memory = ''] =
    /^(LINUX|MACOS)_(AMD64|ARM64)_(?:M4_)?(\d+)X(\d+)$/.exec(shape) ?? []
  return { machineType, architecture, vcpu, memory, size: sizes[`${machineType}_${vcpu}X${memory}`] }
}

/** What a hosted agent is, spelled out from the name of its shape. */
export const shapeOf = (name: string) => {
  const { machineType, architecture, vcpu, memory, size } = partsOf(name)
  return { name, machineType, architecture, size: size ?? null, vcpu: Number(vcpu), memory: Number(memory) }
}

/** What a client asks of a hosted queue. `agentImageRef` is the old place of the Linux image. */
export interface HostedWanted {
  readonly instanceShape?: string | null | undefined
  readonly agentImageRef?: string | null | undefined
  readonly platformSettings?:
    | {
        readonly linux?: { readonly agentImageRef?: string | null | undefined } | null | undefined
        readonly macos?:
          | {
              readonly macosVersion?: string | null | undefined
              readonly xcodeVersion?: string | null | undefined
            }
          | null
          | undefined
      }
    | null
    | undefined
}

/** Terraform always sends the old field, blank: only a value in it is one. */
const imageIn = ({ agentImageRef, platformSettings }: HostedWanted): string | null | undefined => {
  const image = platformSettings?.linux?.agentImageRef
  if (agentImageRef && image)
    throw new Refused('Validation failed: Agent image ref cannot be set in two places')
  return agentImageRef === '' ? image : (agentImageRef ?? image)
}

const checkImage = (shape: string, image: string | null | undefined) => {
  if (image && partsOf(shape).machineType === 'MACOS')
    throw new Refused('Validation failed: Agent image ref cannot be configured for hosted mac queues')
}

/** The settings of a new hosted queue. */
export const newHosted = (wanted: HostedWanted): Hosted => {
  const shape = wanted.instanceShape ?? ''
  if (partsOf(shape).size === undefined)
    throw new Refused('Validation failed: Instance shape is not one of the known shapes')
  const image = imageIn(wanted)
  checkImage(shape, image)
  return {
    shape,
    agentImageRef: image ?? null,
    macosVersion: wanted.platformSettings?.macos?.macosVersion ?? null,
    xcodeVersion: wanted.platformSettings?.macos?.xcodeVersion ?? null,
  }
}

/** The settings of a hosted queue after an update: it may grow and shrink, and nothing else about its machines. */
export const changedHosted = (have: Queue['hosted'], wanted: HostedWanted): Hosted => {
  if (have === null) throw new Refused('Validation failed: A self-hosted queue cannot become a hosted one')
  const shape = wanted.instanceShape ?? have.shape
  const [from, to] = [partsOf(have.shape), partsOf(shape)]
  if (to.size === undefined || from.machineType !== to.machineType || from.architecture !== to.architecture)
    throw new Refused(`Validation failed: Instance shape cannot be changed to ${shape}`)
  const image = imageIn(wanted)
  checkImage(shape, image)
  const macos = wanted.platformSettings?.macos
  return {
    shape,
    agentImageRef: image === undefined ? have.agentImageRef : image,
    macosVersion: macos?.macosVersion === undefined ? have.macosVersion : macos.macosVersion,
    xcodeVersion: macos?.xcodeVersion === undefined ? have.xcodeVersion : macos.xcodeVersion,
  }
}
