/** Who asks over REST: an unknown guest, a customer of the shop, or one of its administrators. */
export type Caller = 'guest' | 'customer' | 'admin'
