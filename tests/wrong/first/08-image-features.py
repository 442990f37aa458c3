# %% to_polar: arctan(y / x) forgets the quadrant
def to_polar(points):
    x, y = points[:, 0], points[:, 1]
    r = np.sqrt(x**2 + y**2)
    with np.errstate(divide="ignore", invalid="ignore"):
        theta = np.arctan(y / x)
    return np.stack([r, theta], axis=1)

# %% to_polar: angles in 0..2 pi instead of (-pi, pi]
def to_polar(points):
    polar = np.empty(points.shape)
    polar[:, 0] = np.linalg.norm(points, axis=1)
    polar[:, 1] = np.arctan2(points[:, 1], points[:, 0]) % (2 * np.pi)
    return polar

# %% hue_histogram: differences are taken in uint8
def hue_histogram(images, bins):
    R, G, B = images[..., 0], images[..., 1], images[..., 2]
    M = images.max(axis=-1)
    m = images.min(axis=-1)
    d = (M - m).astype(float)
    safe = np.where(d == 0, 1, d)
    hue = np.where(
        M == R,
        (G - B) / safe,
        np.where(M == G, 2 + (B - R) / safe, 4 + (R - G) / safe),
    )
    hue = np.where(d == 0, 0, hue % 6) / 6
    bucket = np.minimum((hue * bins).astype(int), bins - 1).reshape(len(images), -1)
    return np.stack([(bucket == b).mean(axis=1) for b in range(bins)], axis=1)

# %% hue_histogram: np.histogram without a range, and gray pixels are left out
def hue_histogram(images, bins):
    result = np.zeros((len(images), bins))
    for n, image in enumerate(images.astype(float)):
        pixels = image.reshape(-1, 3)
        r, g, b = pixels.T
        high = pixels.max(axis=1)
        spread = high - pixels.min(axis=1)
        colored = spread > 0
        r, g, b, high, spread = r[colored], g[colored], b[colored], high[colored], spread[colored]
        hue = np.select(
            [high == r, high == g], [(g - b) / spread, 2 + (b - r) / spread], 4 + (r - g) / spread
        )
        hue = (hue % 6) / 6
        counts, _ = np.histogram(hue, bins=bins)
        result[n] = counts / max(1, counts.sum())
    return result

# %% hog_features: buckets of 20 degrees whatever bins is
def hog_features(images, cell=8, bins=9):
    gray = images.astype(float) @ np.array([0.299, 0.587, 0.114])
    n, height, width = gray.shape
    down, right = np.zeros_like(gray), np.zeros_like(gray)
    down[:, 1:-1] = gray[:, 2:] - gray[:, :-2]
    right[:, :, 1:-1] = gray[:, :, 2:] - gray[:, :, :-2]
    magnitude = np.sqrt(down**2 + right**2)
    angle = np.degrees(np.arctan2(down, right)) % 180
    bucket = np.minimum((angle // 20).astype(int), bins - 1)
    rows, cols = height // cell, width // cell
    out = np.zeros((n, rows, cols, bins))
    for b in range(bins):
        part = np.where(bucket == b, magnitude, 0).reshape(n, rows, cell, cols, cell)
        out[..., b] = part.sum(axis=(2, 4)) / cell**2
    return out.reshape(n, -1)

# %% hog_features: np.gradient is halved and one-sided at the border, and the arguments of arctan2 are swapped
def hog_features(images, cell=8, bins=9):
    gray = 0.299 * images[..., 0] + 0.587 * images[..., 1] + 0.114 * images[..., 2]
    down, right = np.gradient(gray, axis=(1, 2))
    strength = np.hypot(down, right)
    degrees = np.rad2deg(np.arctan2(right, down)) % 180
    index = (degrees * bins / 180).astype(int) % bins
    N, H, W = gray.shape
    features = []
    for top in range(0, H, cell):
        for left in range(0, W, cell):
            s = strength[:, top : top + cell, left : left + cell]
            k = index[:, top : top + cell, left : left + cell]
            for b in range(bins):
                features.append((s * (k == b)).sum(axis=(1, 2)) / cell**2)
    return np.stack(features, axis=1)

# %% describe: edges only, the colors are not seen
def describe(images):
    coarse = hog_features(images, cell=12, bins=18)
    fine = hog_features(images, cell=6, bins=9)
    return np.hstack([coarse, fine])

# %% describe: standardized over the images given, so a row depends on the others
def describe(images):
    edges = hog_features(images, cell=12, bins=12)
    colors = hue_histogram(images, 12)
    features = np.concatenate([edges, colors], axis=1)
    features -= features.mean(axis=0)
    features /= features.std(axis=0) + 1e-8
    return features

# %% extract_patches: the last row and column of places never come up
def extract_patches(images, size, n_patches, rng):
    N, H, W, _ = images.shape
    patches = []
    for _ in range(n_patches):
        i = rng.integers(0, N)
        row = rng.integers(0, H - size)
        col = rng.integers(0, W - size)
        patches.append(images[i, row : row + size, col : col + size].ravel())
    return np.array(patches)

# %% extract_patches: columns drawn with the height, and values stored as uint8
def extract_patches(images, size, n_patches, rng):
    places = images.shape[1] - size + 1
    which = rng.integers(len(images), size=n_patches)
    tops = rng.integers(places, size=n_patches)
    lefts = rng.integers(places, size=n_patches)
    out = np.zeros((n_patches, size * size * 3), dtype=np.uint8)
    for k, (i, t, l) in enumerate(zip(which, tops, lefts)):
        out[k] = images[i, t : t + size, l : l + size, :].reshape(-1)
    return out

# %% kmeans: an empty cluster becomes the mean of nothing, NaN
def kmeans(patches, k, n_iters, rng):
    centroids = patches[rng.choice(len(patches), k, replace=False)].copy()
    for _ in range(n_iters):
        distances = ((patches[:, None, :] - centroids[None, :, :]) ** 2).sum(axis=2)
        nearest = distances.argmin(axis=1)
        centroids = np.array([patches[nearest == j].mean(axis=0) for j in range(k)])
    return centroids

# %% kmeans: starts from the first k patches, as a slice that is written into
def kmeans(patches, k, n_iters, rng):
    centers = patches[:k]
    for _ in range(n_iters):
        labels = np.empty(len(patches), dtype=int)
        for i, patch in enumerate(patches):
            labels[i] = np.argmin(np.sum((centers - patch) ** 2, axis=1))
        for j in range(k):
            members = patches[labels == j]
            if len(members) > 0:
                centers[j] = members.mean(axis=0)
    return centers

# %% encode_bag_of_words: the last row and column of the grid are missing
def encode_bag_of_words(images, centroids, size, stride):
    N, H, W, _ = images.shape
    k = len(centroids)
    counts = np.zeros((N, k))
    for row in range(0, H - size, stride):
        for col in range(0, W - size, stride):
            patch = images[:, row : row + size, col : col + size].reshape(N, -1).astype(float)
            d2 = ((patch[:, None] - centroids[None]) ** 2).sum(axis=2)
            counts[np.arange(N), d2.argmin(axis=1)] += 1
    return counts / counts.sum(axis=1, keepdims=True)

# %% encode_bag_of_words: nearest taken as largest dot product, and the height bounds the columns too
def encode_bag_of_words(images, centroids, size, stride):
    starts = range(0, images.shape[1] - size + 1, stride)
    histograms = []
    for image in images:
        patches = np.array(
            [image[r : r + size, c : c + size].flatten() for r in starts for c in starts], dtype=float
        )
        words = np.argmax(patches @ centroids.T, axis=1)
        histograms.append(np.bincount(words, minlength=len(centroids)) / len(words))
    return np.array(histograms)
