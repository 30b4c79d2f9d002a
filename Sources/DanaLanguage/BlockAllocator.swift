import Glibc

/// Memory blocks in size classes of 16 bytes, carved from chunks that grow with what is asked for; larger blocks come
/// from the system's allocator.
///
/// It counts nothing and refuses nothing by itself: the heap does both.
struct BlockAllocator {
    static let unit = 16
    static let largestUnits = 32
    private static let firstChunkBytes = 4 << 10
    private static let largestChunkBytes = 64 << 10

    private struct FreeBlock {
        var next: UnsafeMutablePointer<FreeBlock>?
    }

    private struct Chunk {
        var next: UnsafeMutablePointer<Chunk>?
        var padding: UInt
    }

    private let freeLists: UnsafeMutablePointer<UnsafeMutablePointer<FreeBlock>?>
    private var fresh: UnsafeMutableRawPointer
    private var freshEnd: UnsafeMutableRawPointer
    private var chunks: UnsafeMutablePointer<Chunk>?
    private var nextChunkBytes = BlockAllocator.firstChunkBytes

    init() {
        freeLists = .reserved(BlockAllocator.largestUnits + 1)
        freeLists.initialize(repeating: nil, count: BlockAllocator.largestUnits + 1)
        fresh = UnsafeMutableRawPointer(freeLists)
        freshEnd = fresh
    }

    /// Gives all chunks back; every block is gone.
    mutating func end() {
        while let chunk = chunks {
            chunks = chunk.pointee.next
            free(chunk)
        }
        freeLists.giveBack()
    }

    @inline(__always) static func units(_ bytes: Int) -> Int { (bytes &+ 15) >> 4 }

    /// A block of `units` times 16 bytes, at most `largestUnits`; nil when the system has no memory.
    @inline(__always) mutating func small(units: Int) -> UnsafeMutableRawPointer? {
        if let block = freeLists[units] {
            freeLists[units] = block.pointee.next
            return UnsafeMutableRawPointer(block)
        }
        return carve(units: units)
    }

    @inline(__always) mutating func freeSmall(_ block: UnsafeMutableRawPointer, units: Int) {
        // Safe because the block is ours, at least 16 bytes long and aligned to 16.
        let free = block.bindMemory(to: FreeBlock.self, capacity: 1)
        free.initialize(to: FreeBlock(next: freeLists[units]))
        freeLists[units] = free
    }

    @inline(never) private mutating func carve(units: Int) -> UnsafeMutableRawPointer? {
        let bytes = units * BlockAllocator.unit
        if freshEnd - fresh < bytes {
            let chunkBytes = nextChunkBytes
            guard let memory = malloc(chunkBytes) else { return nil }
            nextChunkBytes = min(chunkBytes * 2, BlockAllocator.largestChunkBytes)
            let chunk = memory.bindMemory(to: Chunk.self, capacity: 1)
            chunk.initialize(to: Chunk(next: chunks, padding: 0))
            chunks = chunk
            fresh = memory + MemoryLayout<Chunk>.size
            freshEnd = memory + chunkBytes
        }
        let block = fresh
        fresh += bytes
        return block
    }
}
