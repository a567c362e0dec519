import type { ShopRestRoles } from '../../importing/shopAccess'
import type { Queryable } from '../database/database'

const hasRoles = { name: '', text: 'SELECT 1 FROM api2_acl_role LIMIT 1' }

const addAdmins = {
  name: '',
  text: `
    INSERT INTO admin_user (user_id, username, is_active)
    SELECT * FROM unnest($1::int[], $2::text[], $3::boolean[])
    ON CONFLICT (user_id) DO UPDATE SET username = excluded.username, is_active = excluded.is_active`,
}

const addRoles = {
  name: '',
  text: 'INSERT INTO api2_acl_role (entity_id, role_name) SELECT * FROM unnest($1::int[], $2::text[])',
}

const addRules = {
  name: '',
  text: `
    INSERT INTO api2_acl_rule (role_id, resource_id, privilege)
    SELECT * FROM unnest($1::int[], $2::text[], $3::text[])`,
}

const addAttributes = {
  name: '',
  text: `
    INSERT INTO api2_acl_attribute (user_type, resource_id, operation, allowed_attributes)
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) ON CONFLICT DO NOTHING`,
}

const assignRoles = {
  name: '',
  text: `
    INSERT INTO api2_acl_user (admin_id, role_id)
    SELECT admin_id, role_id FROM unnest($1::int[], $2::int[]) AS given (admin_id, role_id)
     WHERE EXISTS (SELECT FROM api2_acl_role WHERE entity_id = role_id)
    ON CONFLICT DO NOTHING`,
}

const advance = {
  name: '',
  text: `
    SELECT setval(pg_get_serial_sequence('api2_acl_role', 'entity_id'), greatest((SELECT max(entity_id) FROM api2_acl_role), 1)),
           setval(pg_get_serial_sequence('admin_user', 'user_id'), greatest((SELECT max(user_id) FROM admin_user), 1))`,
}

/** Moves administrators and the roles of REST to their places. Roles that are here already stay as they are. */
export async function moveRestRoles(
  rows: Queryable,
  { roles, rules, attributes, admins }: ShopRestRoles,
): Promise<void> {
  await rows.query(addAdmins, [
    admins.map(({ id }) => id),
    admins.map(({ username }) => username),
    admins.map(({ active }) => active),
  ])
  if ((await rows.query(hasRoles)).length === 0) {
    await rows.query(addRoles, [roles.map(({ id }) => id), roles.map(({ name }) => name)])
    await rows.query(addRules, [
      rules.map(({ role }) => role),
      rules.map(({ resource }) => resource),
      rules.map(({ privilege }) => privilege),
    ])
    await rows.query(addAttributes, [
      attributes.map(({ userType }) => userType),
      attributes.map(({ resource }) => resource),
      attributes.map(({ operation }) => operation),
      attributes.map(({ allowed }) => allowed),
    ])
  }
  const assigned = admins.filter(({ role }) => role !== null)
  await rows.query(assignRoles, [assigned.map(({ id }) => id), assigned.map(({ role }) => role)])
  await rows.query(advance)
}
