import { roleCases, truthOfRoles } from './true-roles.js'

roleCases()
truthOfRoles()
