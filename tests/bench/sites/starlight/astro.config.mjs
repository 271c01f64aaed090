import { defineConfig } from 'astro/config';
import starlight from '@astrojs/starlight';
export default defineConfig({ site: 'https://example.org', integrations: [starlight({ title: 'Harbour Guide', social: [], sidebar: [{label:'Start', items:['guide','cranes']}], editLink:{baseUrl:'https://example.org/edit/'} })] });
