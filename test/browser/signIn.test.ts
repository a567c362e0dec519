import { describeWithBrowser } from './support/browser'
import {
  type ConsoleSession,
  closeBrowser,
  openConsole,
  openDouble,
  sharedBrowser,
  signIn,
} from './support/session'

let console_: ConsoleSession | undefined

afterEach(() => console_?.end())
afterAll(closeBrowser)

describeWithBrowser('signing in', () => {
  it('shows the products, and who is there, and no journal without a test double', async () => {
    console_ = await openConsole(await sharedBrowser())
    const { page } = console_
    await signIn(page)
    await page.getByRole('heading', { name: 'Products' }).waitFor()
    expect(await page.getByRole('banner').innerText()).toContain('apiUser')
    expect(await page.getByRole('navigation').innerText()).not.toContain('Journal')
  })

  it('is refused with a wrong key, and leads back to it', async () => {
    console_ = await openConsole(await sharedBrowser())
    const { page } = console_
    await signIn(page, 'wrong')
    expect(await page.getByRole('alert').innerText()).toBe('The user name or the API key is wrong.')
    expect(await page.evaluate('document.activeElement.id')).toBe('api-key')
  })

  it('ends with signing out, for this page and its cookie', async () => {
    console_ = await openConsole(await sharedBrowser())
    const { page, server } = console_
    await signIn(page)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect((await page.request.get(`${server.url}/_keepsake/galleries/1`)).status()).toBe(401)
  })

  it('is asked again once the session has ended', async () => {
    console_ = await openConsole(await sharedBrowser())
    const { page, server, goTo } = console_
    await signIn(page)
    await page.getByRole('heading', { name: 'Products' }).waitFor()
    await server.storage.database.query({ name: 'end_sessions', text: 'DELETE FROM api_session' })
    await goTo('users')
    expect(await page.getByRole('alert').innerText()).toBe('Your session has ended: sign in again.')
  })

  it('leaves no key or session where a script can read it', async () => {
    console_ = await openConsole(await sharedBrowser())
    const { page } = console_
    await signIn(page)
    await page.getByRole('heading', { name: 'Products' }).waitFor()
    const kept = await page.evaluate('[document.cookie, localStorage.length, sessionStorage.length]')
    expect(kept).toEqual(['', 0, 0])
  })

  it('is not needed in an open test double', async () => {
    console_ = await openDouble(await sharedBrowser())
    await console_.page.getByRole('link', { name: 'Journal' }).waitFor()
  })
})

describeWithBrowser('a change that a page of another site sends', () => {
  it('is refused, though the browser has the cookie', async () => {
    console_ = await openConsole(await sharedBrowser())
    const { page, server } = console_
    await signIn(page)
    await page.getByRole('heading', { name: 'Products' }).waitFor()
    const put = (headers: Record<string, string>) =>
      page.request.put(`${server.url}/_keepsake/galleries/1/order`, { data: { images: [] }, headers })
    expect((await put({})).status()).toBe(403)
    expect((await put({ 'x-csrf-token': 'guess' })).status()).toBe(403)
    const session = await page.request.get(`${server.url}/_keepsake/session`)
    const { csrfToken } = (await session.json()) as { csrfToken: string }
    expect((await put({ 'x-csrf-token': csrfToken, origin: 'https://shop.example' })).status()).toBe(403)
    expect((await put({ 'x-csrf-token': csrfToken })).status()).toBe(204)
  })
})
