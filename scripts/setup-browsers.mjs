/**
 * Gets Firefox and WebKitGTK for the tests of pages, where they are not: Debian's as root. Exits with 1 where one of them
 * can't be had. Runs on the pinned Node, after set-up.
 */
import { firefox } from '../packages/web/test/browsers/firefox.ts'
import { webkit } from '../packages/web/test/browsers/webkit.ts'
import { aptInstall } from './attempt.mjs'

if (!firefox.isThere()) aptInstall(firefox.name, 'firefox-esr', 'fonts-dejavu-core')
if (!webkit.isThere()) aptInstall(webkit.name, 'webkit2gtk-driver', 'xvfb', 'fonts-dejavu-core')
process.exit(firefox.isThere() && webkit.isThere() ? 0 : 1)
