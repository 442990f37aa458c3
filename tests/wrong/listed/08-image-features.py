# %% hog_features: down and right exchanged
def hog_features(images, cell=8, bins=9):
    gray = images @ np.array([0.299, 0.587, 0.114])
    N, H, W = gray.shape
    down, right = np.zeros(gray.shape), np.zeros(gray.shape)
    right[:, 1:-1, :] = gray[:, 2:, :] - gray[:, :-2, :]
    down[:, :, 1:-1] = gray[:, :, 2:] - gray[:, :, :-2]
    magnitude = np.sqrt(down**2 + right**2)
    angle = np.rad2deg(np.arctan2(down, right)) % 180
    bucket = np.floor(angle / (180 / bins)).astype(int)
    bucket[bucket == bins] = 0
    out = np.zeros((N, H // cell, W // cell, bins))
    for r in range(H // cell):
        for c in range(W // cell):
            m = magnitude[:, r * cell : (r + 1) * cell, c * cell : (c + 1) * cell]
            k = bucket[:, r * cell : (r + 1) * cell, c * cell : (c + 1) * cell]
            for b in range(bins):
                out[:, r, c, b] = (m * (k == b)).sum(axis=(1, 2)) / cell**2
    return out.reshape(N, -1)


# %% hog_features: sum over the cell and angles all around
def hog_features(images, cell=8, bins=9):
    gray = images.astype(float) @ [0.299, 0.587, 0.114]
    N, H, W = gray.shape
    down, right = np.zeros_like(gray), np.zeros_like(gray)
    down[:, 1:-1] = gray[:, 2:] - gray[:, :-2]
    right[:, :, 1:-1] = gray[:, :, 2:] - gray[:, :, :-2]
    magnitude = np.hypot(down, right)
    angle = np.degrees(np.arctan2(down, right)) % 360
    bucket = np.minimum((angle / 360 * bins).astype(int), bins - 1)
    parts = []
    for b in range(bins):
        kept = np.where(bucket == b, magnitude, 0.0)
        parts.append(kept.reshape(N, H // cell, cell, W // cell, cell).sum(axis=(2, 4)))
    return np.stack(parts, axis=-1).reshape(N, -1)


# %% hog_features: half the difference and gray is the mean of the colors
def hog_features(images, cell=8, bins=9):
    gray = images.mean(axis=3)
    n, h, w = gray.shape
    gy = np.zeros((n, h, w))
    gx = np.zeros((n, h, w))
    gy[:, 1:-1, :] = (gray[:, 2:, :] - gray[:, :-2, :]) / 2
    gx[:, :, 1:-1] = (gray[:, :, 2:] - gray[:, :, :-2]) / 2
    mag = np.sqrt(gx**2 + gy**2)
    ang = np.degrees(np.arctan2(gy, gx)) % 180
    idx = (ang * bins / 180).astype(int) % bins
    one_hot = (idx[..., None] == np.arange(bins)) * mag[..., None]
    cells = one_hot.reshape(n, h // cell, cell, w // cell, cell, bins)
    return cells.mean(axis=(2, 4)).reshape(n, -1)


# %% hue_histogram: hue in sixths
def hue_histogram(images, bins):
    images = images.astype(float)
    R, G, B = images[..., 0], images[..., 1], images[..., 2]
    M, m = images.max(-1), images.min(-1)
    d = np.where(M == m, 1, M - m)
    hue = np.where(M == R, (G - B) / d, np.where(M == G, 2 + (B - R) / d, 4 + (R - G) / d))
    hue = hue % 1
    bucket = (hue * bins).astype(int)
    out = np.zeros((len(images), bins))
    for i in range(len(images)):
        out[i] = np.bincount(bucket[i].ravel(), minlength=bins) / bucket[i].size
    return out


# %% hue_histogram: counts, not fractions and negative hues
def hue_histogram(images, bins):
    x = images.astype(np.float64)
    r, g, b = x[:, :, :, 0], x[:, :, :, 1], x[:, :, :, 2]
    high = np.maximum(np.maximum(r, g), b)
    low = np.minimum(np.minimum(r, g), b)
    spread = high - low
    spread[spread == 0] = 1
    hue = np.select(
        [high == r, high == g], [(g - b) / spread, 2 + (b - r) / spread], 4 + (r - g) / spread
    )
    hue /= 6
    return np.array([np.histogram(h, bins=bins, range=(0, 1))[0] for h in hue])


# %% hue_histogram: gray left out
def hue_histogram(images, bins):
    with np.errstate(all="ignore"):
        x = images.astype(float)
        r, g, b = x[..., 0], x[..., 1], x[..., 2]
        hi, lo = x.max(axis=-1), x.min(axis=-1)
        d = hi - lo
        hue = np.where(hi == r, (g - b) / d, np.where(hi == g, 2 + (b - r) / d, 4 + (r - g) / d))
        bucket = np.floor(hue / 6 % 1 * bins)
    return np.stack([(bucket == k).mean(axis=(1, 2)) for k in range(bins)], axis=1)


# %% to_polar: degrees and radius squared
def to_polar(points):
    r = points[:, 0] ** 2 + points[:, 1] ** 2
    theta = np.rad2deg(np.arctan2(points[:, 1], points[:, 0]))
    return np.column_stack([r, theta])


# %% to_polar: written into points
def to_polar(points):
    x = points[:, 0]
    y = points[:, 1]
    points[:, 0] = np.sqrt(x**2 + y**2)
    points[:, 1] = np.arctan2(y, x)
    return points


# %% encode_bag_of_words: counts for every image
def encode_bag_of_words(images, centroids, size, stride):
    N, H, W, _ = images.shape
    counts = np.zeros((N, len(centroids)))
    for r in range(0, H - size + 1, stride):
        for c in range(0, W - size + 1, stride):
            patch = images[:, r : r + size, c : c + size, :].reshape(N, -1).astype(float)
            d = ((patch[:, None, :] - centroids[None, :, :]) ** 2).sum(axis=-1)
            words = d.argmin(axis=1)
            counts[:, words] += 1
    return counts / counts.sum(axis=1, keepdims=True)


# %% encode_bag_of_words: words cut to the images' type
def encode_bag_of_words(images, centroids, size, stride):
    N, H, W, C = images.shape
    words = centroids.astype(images.dtype)
    out = np.zeros((N, len(words)))
    for n in range(N):
        total = 0
        for r in range(0, H - size + 1, stride):
            for c in range(0, W - size + 1, stride):
                p = images[n, r : r + size, c : c + size].ravel()
                out[n, np.argmin(np.sum((p - words) ** 2, axis=1))] += 1
                total += 1
        out[n] /= total
    return out


# %% encode_bag_of_words: counts, not fractions and stops before the last patch
def encode_bag_of_words(images, centroids, size, stride):
    out = np.zeros((images.shape[0], centroids.shape[0]))
    for n, image in enumerate(images):
        for r in range(0, image.shape[0] - size, stride):
            for c in range(0, image.shape[1] - size, stride):
                patch = image[r : r + size, c : c + size].flatten()
                word = np.linalg.norm(centroids - patch, axis=1).argmin()
                out[n, word] += 1
    return out


# %% kmeans: changes the patches
def kmeans(patches, k, n_iters, rng):
    start = rng.integers(len(patches) - k + 1)
    C = patches[start : start + k]
    for _ in range(n_iters):
        d = ((patches[:, None] - C[None]) ** 2).sum(-1)
        nearest = d.argmin(1)
        for j in range(k):
            if (nearest == j).any():
                C[j] = patches[nearest == j].mean(0)
    return C


# %% kmeans: draws from elsewhere
def kmeans(patches, k, n_iters, rng):
    C = patches[np.random.choice(len(patches), k, replace=False)].copy()
    for _ in range(n_iters):
        d = ((patches[:, None] - C[None]) ** 2).sum(-1)
        nearest = d.argmin(1)
        for j in range(k):
            if (nearest == j).any():
                C[j] = patches[nearest == j].mean(0)
    return C


# %% extract_patches: columns drawn from the height
def extract_patches(images, size, n_patches, rng):
    N, H, W, _ = images.shape
    out = []
    for _ in range(n_patches):
        n, r, c = rng.integers(N), rng.integers(H - size + 1), rng.integers(H - size + 1)
        out.append(images[n, r : r + size, c : c + size].reshape(-1))
    return np.array(out)


# %% describe: cells do not fit
def describe(images):
    return np.concatenate([hue_histogram(images, 12), hog_features(images, 8, 9)], axis=1)


# %% describe: too many features
def describe(images):
    hues = hue_histogram(images, 20)
    return np.concatenate([hog_features(images, cell=4, bins=9), hues], axis=1)
