import { join } from 'node:path'
import { createTerminal, EnrolmentError, type ParkedSale, type Terminal } from '@premia/pos-sdk'
import type { SaleResult } from '@premia/pos-sdk/contract/till'
import { fileStore } from '@premia/pos-sdk/stores/file'
import type { Retailer } from './set-up.ts'
import { terminalId } from './retailer.ts'

interface TillsOptions {
  readonly engineUrl: string
  /** Each till keeps its key and queue in a folder below this one. */
  readonly folder: string
  readonly retailer: Retailer
  readonly onSettled: (result: SaleResult) => void
  readonly onParked: (parked: ParkedSale) => void
}

/** Opens the till of a country, enrolling it where its store knows no key yet. */
export const openTill = async (country: string, options: TillsOptions): Promise<Terminal> => {
  const { engineUrl, folder, retailer, onSettled, onParked } = options
  const open = (enrolmentCode?: string): Promise<Terminal> =>
    createTerminal({
      engineUrl,
      store: fileStore(join(folder, terminalId(country))),
      software: { name: 'premia-replay', version: '1' },
      onSettled,
      onParked,
      ...(enrolmentCode === undefined ? {} : { enrolmentCode }),
    })
  try {
    return await open()
  } catch (error) {
    if (!(error instanceof EnrolmentError) || error.code !== 'terminal_unknown') throw error
    return open(await retailer.enrolmentCode(country))
  }
}
