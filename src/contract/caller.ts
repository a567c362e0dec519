/** Who asks over REST: nobody in particular, a customer of the shop, or one of its administrators. */
export type Caller = 'guest' | 'customer' | 'admin'
