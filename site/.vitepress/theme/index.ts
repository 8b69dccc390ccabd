/** VitePress's own theme, with room for tables of figures. */
import DefaultTheme from 'vitepress/theme'
import './style.css'

export default DefaultTheme
