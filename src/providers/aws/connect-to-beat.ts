import { conversationWith } from './account.js'
import { connectionOver, prepare, type AwsConnection, type AwsMeans } from './connect.js'
import { beatingOnly } from './guard.js'

/** A conversation that can also write one parameter. */
export interface AwsBeatingConnection extends AwsConnection {
  /** Writes a text into the parameter, over what is in it. @throws Refusal */
  beat(account: string, name: string, value: string): Promise<void>
}

/**
 * Opens a conversation that can write the value of a single parameter: for the heartbeat of `drift` alone. Whatever else
 * its clients are made to say does not leave.
 */
export const connectAwsToBeat = (means: AwsMeans): AwsBeatingConnection => {
  const shared = prepare(means)
  const beat: AwsBeatingConnection['beat'] = async (account, name, value) => {
    const own = shared.get(account)
    if (own === undefined) throw new Error(`there is no account ${account} to write in`)
    const { clients, clock, random } = means
    const conversation = conversationWith(own.account, own, {
      clock,
      random,
      onlyAsks: false,
      clients: async (...entering) => beatingOnly(await clients(...entering), name),
    })
    const operation = 'PutParameter'
    const said = await conversation.say({
      service: 'ssm',
      operation,
      changes: 'repeatably',
      send: ({ ssm }, options) =>
        ssm.putParameter({ Name: name, Value: value, Type: 'String', Overwrite: true }, options),
    })
    if (!('value' in said))
      throw conversation.refusal(`ssm:${operation}`, said.trouble, { perhapsDone: said.perhapsDone })
  }
  return Object.assign(connectionOver(means, shared), { beat })
}
