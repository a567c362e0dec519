import {
  type AttributeRule,
  type ImageRights,
  type ImageRightsSource,
  type RestRule,
  rightsOfRole,
  rightsWithoutRoles,
} from '../../catalog/rest/imageRights'
import type { Caller } from '../../contract/caller'
import { onlyRow, type Queryable } from '../database/database'

/** Guests and customers have the roles 1 and 2, and an administrator his own. */
const findRights = {
  name: 'find_image_rights',
  text: `
    SELECT EXISTS (SELECT FROM api2_acl_role) AS "hasRoles", token.admin_id IS NOT NULL AS "isOfAdministrator",
           ARRAY(SELECT jsonb_build_object('resource', resource_id, 'privilege', privilege)
                   FROM api2_acl_rule
                  WHERE resource_id IN ('all', 'product_image')
                    AND role_id = CASE $1 WHEN 'guest' THEN 1 WHEN 'customer' THEN 2 ELSE own.role_id END) AS rules,
           ARRAY(SELECT jsonb_build_object('resource', resource_id, 'operation', operation, 'attributes', allowed_attributes)
                   FROM api2_acl_attribute
                  WHERE user_type = $1 AND resource_id IN ('all', 'product_image')) AS attributes
      FROM (VALUES (1)) AS always (one)
      LEFT JOIN oauth_token token ON token.token = $2
      LEFT JOIN api2_acl_user own ON own.admin_id = token.admin_id`,
}

interface RightsRow {
  readonly hasRoles: boolean
  readonly isOfAdministrator: boolean
  readonly rules: readonly RestRule[]
  readonly attributes: readonly AttributeRule[]
}

/** Reads the roles of REST in PostgreSQL. */
export class PostgresImageRights implements ImageRightsSource {
  constructor(private readonly database: Queryable) {}

  async rightsOf(caller: Caller, token: string | null): Promise<ImageRights> {
    const row = onlyRow(await this.database.query<RightsRow>(findRights, [caller, token]))
    // A token that was issued here stands for no administrator of the imported shop, and is not bound by its roles.
    const isUnbound = !row.hasRoles || (caller === 'admin' && !row.isOfAdministrator)
    return isUnbound ? rightsWithoutRoles(caller) : rightsOfRole(caller, row.rules, row.attributes)
  }
}
