export default { index: 'Introduction', hive: 'The hive', honey: 'Honey' }
