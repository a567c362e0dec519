import * as imageRules from '../catalog/imageRules'
import type { Settings } from '../settings/settings'
import * as soapProfiles from '../wire/soap/soapProfile'

/** The version of Magento that a server answers as, by the value of KEEPSAKE_PROFILE. */
interface Profile {
  readonly soap: soapProfiles.SoapProfile
  readonly images: imageRules.ImageRules
}

const PROFILES: Readonly<Record<Settings['profile'], Profile>> = {
  '1.5': { soap: soapProfiles.MAGENTO_1_5, images: imageRules.MAGENTO_1 },
  '1.9': { soap: soapProfiles.MAGENTO_1_9, images: imageRules.MAGENTO_1 },
  lts20: { soap: soapProfiles.OPENMAGE_20, images: imageRules.OPENMAGE_20 },
}

export function profileOf({ profile }: Pick<Settings, 'profile'>): Profile {
  return PROFILES[profile]
}

/** Returns what the settings make of SOAP. */
export function soapProfileOf(settings: Pick<Settings, 'profile' | 'imageHashes'>): soapProfiles.SoapProfile {
  return { ...profileOf(settings).soap, imageHashes: settings.imageHashes }
}
