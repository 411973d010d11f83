import { atDoor, defineRoleRule } from '../rule.js'
import { subjectValues } from '../subjects.js'

/** Tokens have whole refs. @source aws-enforcement §4.4: the plugin’s own example is wrong */
export const refWithoutRefs = defineRoleRule({
  code: 'role-ref-without-refs',
  title: 'names a branch without refs/heads/',
  field: 'trust',
  over: 'all',
  check: (role, { world }) =>
    subjectValues(role, world).flatMap(({ door, condition, value }) => {
      const [, ref] = /:ref:(?!refs\/(?:heads|tags)\/)([^:*?$][^:*?]*)/.exec(value) ?? []
      return ref === undefined || 'refs/heads/'.startsWith(ref) || 'refs/tags/'.startsWith(ref)
        ? []
        : [
            atDoor(
              role,
              door,
              { words: `asks for the ref ${ref} in ${value}, and tokens have refs/heads/${ref}` },
              condition,
            ),
          ]
    }),
})
