import { toCleanText } from '../../lib/text/text.ts'
import type { Finding } from '../probe.ts'
import type { TpuChip, TpuSurvey } from './survey.ts'

/** The finding for what the kernel shows; `name` is the Cloud TPU's own, of `TPU_NAME`. */
export function toTpuFinding(survey: TpuSurvey, name: string | undefined): Finding {
  const cloudName = name ? { tpu_name: toCleanText(name) } : {}
  const usable = survey.chips.filter(chip => isUsable(chip, survey))
  const [first] = usable
  if (first === undefined) return toAbsence(survey, cloudName)
  const without = describeWithoutNodes(survey)
  return {
    status: 'present',
    path: first.path,
    version: null,
    evidence: 'sysfs',
    reason: ['a TPU has no version', ...without].join('; '),
    details: { type: first.type, count: usable.length, chips: usable, ...cloudName },
  }
}

function toAbsence(survey: TpuSurvey, cloudName: Record<string, string>): Finding {
  const without = describeWithoutNodes(survey)
  const hint = 'tpu_name' in cloudName ? '; TPU_NAME names one elsewhere' : ''
  const details = { ...(survey.chips.length > 0 && { chips: survey.chips }), ...cloudName }
  return {
    status: without.length > 0 ? 'broken' : 'absent',
    path: null,
    version: null,
    evidence: null,
    reason: without.length > 0 ? without.join('; ') : `there is no TPU${hint}`,
    ...(Object.keys(details).length > 0 && { details }),
  }
}

/** Each chip of a kind takes one device file: of eight chips, a container may have been given four. */
function isUsable(chip: TpuChip, { chips, nodes }: TpuSurvey): boolean {
  const family = toFamily(chip)
  // A USB stick is used without a device file of its own.
  if (family === 'usb') return true
  return chips.filter(other => toFamily(other) === family).indexOf(chip) < nodes[family].length
}

function toFamily({ type }: TpuChip): 'cloud' | 'coral' | 'usb' {
  if (type === 'coral-usb') return 'usb'
  return type === 'coral' ? 'coral' : 'cloud'
}

function describeWithoutNodes(survey: TpuSurvey): string[] {
  const idle = survey.chips.filter(chip => !isUsable(chip, survey)).map(toFamily)
  return [
    ...(idle.includes('coral')
      ? ['a Coral Edge TPU has no device file (/dev/apex_*): its driver is not loaded']
      : []),
    ...(idle.includes('cloud')
      ? [
          'a TPU has no device file (/dev/accel*, /dev/vfio/*): it was not given to this container, or has no driver',
        ]
      : []),
  ]
}
