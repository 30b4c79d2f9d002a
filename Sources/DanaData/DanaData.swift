// DanaData
