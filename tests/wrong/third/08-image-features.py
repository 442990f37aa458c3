# %% to_polar: angles of the third quadrant above pi
def to_polar(points):
    polar = np.zeros((len(points), 2))
    for i in range(len(points)):
        x, y = points[i]
        polar[i, 0] = np.sqrt(x**2 + y**2)
        if x == 0:
            theta = np.sign(y) * np.pi / 2
        else:
            theta = np.arctan(y / x)
            if x < 0:
                theta += np.pi
        polar[i, 1] = theta
    return polar

# %% to_polar: arctan2 with x and y swapped
def to_polar(points):
    return np.column_stack([np.hypot(*points.T), np.arctan2(*points.T)])

# %% to_polar: radius without its root
def to_polar(points):
    x = points[:, 0]
    y = points[:, 1]
    r = x**2 + y**2
    theta = np.arctan2(y, x)
    return np.stack([r, theta], axis=1)

# %% to_polar: degrees, and in 0 to 360
def to_polar(points):
    r = np.linalg.norm(points, axis=1)
    theta = np.degrees(np.arctan2(points[:, 1], points[:, 0])) % 360
    return np.stack([r, theta], axis=1)

# %% hue_histogram: gray pixels are left out
def hue_histogram(images, bins):
    N, H, W, _ = images.shape
    histogram = np.zeros((N, bins))
    for n in range(N):
        for i in range(H):
            for j in range(W):
                R, G, B = (float(value) for value in images[n, i, j])
                M, m = max(R, G, B), min(R, G, B)
                d = M - m
                if d == 0:
                    continue
                if M == R:
                    six = (G - B) / d
                elif M == G:
                    six = 2 + (B - R) / d
                else:
                    six = 4 + (R - G) / d
                hue = (six % 6) / 6
                histogram[n, min(int(hue * bins), bins - 1)] += 1
        histogram[n] /= max(1, histogram[n].sum())
    return histogram

# %% hue_histogram: differences in uint8
def hue_histogram(images, bins):
    R, G, B = np.moveaxis(images, -1, 0)
    M = images.max(axis=-1)
    d = M - images.min(axis=-1)
    safe = np.where(d == 0, 1, d)
    six = np.select(
        [d == 0, M == R, M == G],
        [0.0, (G - B) / safe, 2 + (B - R) / safe],
        4 + (R - G) / safe,
    )
    bucket = np.minimum((six % 6 / 6 * bins).astype(int), bins - 1).reshape(len(images), -1)
    return (bucket[..., None] == np.arange(bins)).mean(axis=1)

# %% hue_histogram: rounds to the nearest bucket
def hue_histogram(images, bins):
    images = images.astype(float)
    R = images[..., 0]
    G = images[..., 1]
    B = images[..., 2]
    M = np.maximum(np.maximum(R, G), B)
    m = np.minimum(np.minimum(R, G), B)
    d = M - m
    d_safe = np.where(d == 0, 1, d)
    hue = np.where(
        M == R,
        (G - B) / d_safe,
        np.where(M == G, 2 + (B - R) / d_safe, 4 + (R - G) / d_safe),
    )
    hue = (hue % 6) / 6
    hue[d == 0] = 0
    bucket = np.round(hue * bins).astype(int) % bins
    result = np.zeros((len(images), bins))
    for b in range(bins):
        result[:, b] = np.mean(bucket == b, axis=(1, 2))
    return result

# %% hue_histogram: negative hues cut to 0 instead of modulo 6, and divides as if images were square
def hue_histogram(images, bins):
    x = images.astype(np.float64)
    r, g, b = x[..., 0], x[..., 1], x[..., 2]
    top = x.max(axis=3)
    spread = top - x.min(axis=3)
    d = np.where(spread > 0, spread, 1)
    six = np.where(top == r, (g - b) / d, np.where(top == g, 2 + (b - r) / d, 4 + (r - g) / d))
    six[spread == 0] = 0
    hue = np.clip(six / 6, 0, 1)
    bucket = np.minimum((hue * bins).astype(int), bins - 1)
    counts = np.stack([np.bincount(row.ravel(), minlength=bins) for row in bucket])
    return counts / images.shape[1] ** 2

# %% hog_features: one-sided differences at the border instead of 0
def hog_features(images, cell=8, bins=9):
    x = images.astype(float)
    gray = 0.299 * x[..., 0] + 0.587 * x[..., 1] + 0.114 * x[..., 2]
    N, H, W = gray.shape
    rows, cols = H // cell, W // cell
    features = np.zeros((N, rows, cols, bins))
    for n in range(N):
        down, right = (2 * d for d in np.gradient(gray[n]))
        magnitude = np.sqrt(down**2 + right**2)
        angle = np.degrees(np.arctan2(down, right)) % 180
        bucket = (angle / (180 / bins)).astype(int) % bins
        for i in range(H):
            for j in range(W):
                features[n, i // cell, j // cell, bucket[i, j]] += magnitude[i, j]
    return features.reshape(N, -1) / cell**2

# %% hog_features: angle of (right, down), swapped
def hog_features(images, cell=8, bins=9):
    gray = images.astype(float) @ np.array([0.299, 0.587, 0.114])
    n, h, w = gray.shape
    down, right = np.zeros_like(gray), np.zeros_like(gray)
    down[:, 1:-1] = gray[:, 2:] - gray[:, :-2]
    right[:, :, 1:-1] = gray[:, :, 2:] - gray[:, :, :-2]
    bucket = (np.degrees(np.arctan2(right, down)) % 180 * bins / 180).astype(int) % bins
    votes = np.hypot(down, right)[..., None] * (bucket[..., None] == np.arange(bins))
    cells = votes.reshape(n, h // cell, cell, w // cell, cell, bins).sum(axis=(2, 4))
    return cells.reshape(n, -1) / cell**2

# %% hog_features: reshape mixes up the pixels of the cells
def hog_features(images, cell=8, bins=9):
    images = images.astype(float)
    gray = 0.299 * images[..., 0] + 0.587 * images[..., 1] + 0.114 * images[..., 2]
    n, H, W = gray.shape
    down = np.zeros(gray.shape)
    right = np.zeros(gray.shape)
    down[:, 1:-1, :] = gray[:, 2:, :] - gray[:, :-2, :]
    right[:, :, 1:-1] = gray[:, :, 2:] - gray[:, :, :-2]
    magnitude = np.sqrt(down**2 + right**2)
    angle = np.degrees(np.arctan2(down, right)) % 180
    bucket = np.floor(angle / (180 / bins)).astype(int) % bins
    rows = H // cell
    cols = W // cell
    result = np.zeros((n, rows, cols, bins))
    for b in range(bins):
        part = np.where(bucket == b, magnitude, 0)
        result[..., b] = part.reshape(n, cell, rows, cell, cols).sum(axis=(1, 3))
    return result.reshape(n, -1) / cell**2

# %% hog_features: gray is the plain mean of the colors, and absolute angle instead of modulo 180
def hog_features(images, cell=8, bins=9):
    gray = images.astype(float).mean(axis=3)
    n, h, w = gray.shape
    dy, dx = np.zeros_like(gray), np.zeros_like(gray)
    dy[:, 1:-1] = gray[:, 2:] - gray[:, :-2]
    dx[:, :, 1:-1] = gray[:, :, 2:] - gray[:, :, :-2]
    size = np.sqrt(dx**2 + dy**2)
    angle = np.abs(np.degrees(np.arctan2(dy, dx)))
    bucket = np.minimum(angle * bins / 180, bins - 1).astype(int)
    out = np.zeros((n, h // cell, w // cell, bins))
    for b in range(bins):
        masked = size * (bucket == b)
        out[..., b] = masked.reshape(n, h // cell, cell, w // cell, cell).mean(axis=(2, 4))
    return out.reshape(n, -1)

# %% describe: more than 100 numbers
def describe(images):
    edges = hog_features(images, cell=4, bins=9)
    colors = hue_histogram(images, 24)
    return np.concatenate([edges, colors], axis=1)

# %% describe: standardized over the images of the call, so a row depends on the others
def describe(images):
    F = np.hstack([hog_features(images, cell=12, bins=12), 100 * hue_histogram(images, 12)])
    return (F - F.mean(axis=0)) / (F.std(axis=0) + 1e-6)

# %% describe: edges alone
def describe(images):
    features = hog_features(images, cell=6, bins=9)
    return features

# %% describe: two buckets of angle, and mean colors, in which opposite colors cancel
def describe(images):
    directions = hog_features(images, cell=12, bins=2)
    colors = images.astype(float).mean(axis=(1, 2))
    return np.hstack([directions, colors])

# %% extract_patches: last row and last column never drawn
def extract_patches(images, size, n_patches, rng):
    N, H, W, channels = images.shape
    patches = np.zeros((n_patches, size * size * channels))
    for k in range(n_patches):
        n = rng.integers(0, N)
        i = rng.integers(0, H - size)
        j = rng.integers(0, W - size)
        patches[k] = images[n, i : i + size, j : j + size].ravel()
    return patches

# %% extract_patches: windows put the color before row and column
def extract_patches(images, size, n_patches, rng):
    windows = np.lib.stride_tricks.sliding_window_view(images, (size, size), axis=(1, 2))
    N, rows, cols = windows.shape[:3]
    n, i, j = (rng.integers(top, size=n_patches) for top in (N, rows, cols))
    return windows[n, i, j].reshape(n_patches, -1)

# %% extract_patches: column drawn by the height
def extract_patches(images, size, n_patches, rng):
    N = images.shape[0]
    H = images.shape[1]
    patches = []
    for p in range(n_patches):
        img = rng.integers(0, N)
        row = rng.integers(0, H - size + 1)
        col = rng.integers(0, H - size + 1)
        patch = images[img, row : row + size, col : col + size, :]
        patches.append(patch.reshape(-1))
    return np.array(patches)

# %% extract_patches: images in turn instead of at random, and row equal to column
def extract_patches(images, size, n_patches, rng):
    N, H, W, C = images.shape
    top = min(H, W) - size + 1
    corner = rng.integers(0, top, size=n_patches)
    out = np.empty((n_patches, size * size * C), dtype=images.dtype)
    for k, c in enumerate(corner):
        out[k] = images[k % N, c : c + size, c : c + size].reshape(-1)
    return out

# %% kmeans: an empty centroid jumps to a random patch
def kmeans(patches, k, n_iters, rng):
    M, D = patches.shape
    centroids = patches[rng.choice(M, size=k, replace=False)].astype(float)
    for _ in range(n_iters):
        nearest = np.zeros(M, dtype=int)
        for m in range(M):
            nearest[m] = np.argmin(np.sum((centroids - patches[m]) ** 2, axis=1))
        for c in range(k):
            members = patches[nearest == c]
            if len(members) == 0:
                centroids[c] = patches[rng.integers(M)]
            else:
                centroids[c] = members.mean(axis=0)
    return centroids

# %% kmeans: starting rows drawn with replacement
def kmeans(patches, k, n_iters, rng):
    centroids = patches[rng.integers(len(patches), size=k)].copy()
    for _ in range(n_iters):
        d2 = (centroids**2).sum(1) - 2 * patches @ centroids.T
        member = d2.argmin(1)[:, None] == np.arange(k)
        count = member.sum(0)
        full = count > 0
        centroids[full] = (member.T.astype(float) @ patches)[full] / count[full, None]
    return centroids

# %% kmeans: starts from the first rows, as a view, and changes the patches
def kmeans(patches, k, n_iters, rng):
    centroids = patches[:k]
    for it in range(n_iters):
        distances = np.zeros((len(patches), k))
        for j in range(k):
            distances[:, j] = np.sum((patches - centroids[j]) ** 2, axis=1)
        labels = np.argmin(distances, axis=1)
        for j in range(k):
            if np.any(labels == j):
                centroids[j] = patches[labels == j].mean(axis=0)
    return centroids

# %% kmeans: sum of absolute differences as distance, and one round too few
def kmeans(patches, k, n_iters, rng):
    centroids = patches[rng.choice(len(patches), k, replace=False)].copy()
    for _ in range(1, n_iters):
        distance = np.abs(patches[:, None, :] - centroids[None, :, :]).sum(axis=2)
        nearest = distance.argmin(axis=1)
        for c in range(k):
            if (nearest == c).any():
                centroids[c] = patches[nearest == c].mean(axis=0)
    return centroids

# %% encode_bag_of_words: the last row and column of patches are missing
def encode_bag_of_words(images, centroids, size, stride):
    N, H, W, _ = images.shape
    k = len(centroids)
    counts = np.zeros((N, k))
    for n in range(N):
        for i in range(0, H - size, stride):
            for j in range(0, W - size, stride):
                patch = images[n, i : i + size, j : j + size].astype(float).ravel()
                distances = np.sum((centroids - patch) ** 2, axis=1)
                counts[n, np.argmin(distances)] += 1
    return counts / np.maximum(1, counts.sum(axis=1, keepdims=True))

# %% encode_bag_of_words: largest dot product instead of smallest distance
def encode_bag_of_words(images, centroids, size, stride):
    win = np.lib.stride_tricks.sliding_window_view(images, (size, size), axis=(1, 2))
    win = win[:, ::stride, ::stride].transpose(0, 1, 2, 4, 5, 3)
    rows = win.reshape(len(images), -1, centroids.shape[1]).astype(float)
    word = np.einsum("npd,kd->npk", rows, centroids).argmax(axis=2)
    return (word[..., None] == np.arange(len(centroids))).mean(axis=1)

# %% encode_bag_of_words: divides by the number of words
def encode_bag_of_words(images, centroids, size, stride):
    N, H, W, C = images.shape
    k = centroids.shape[0]
    result = np.zeros((N, k))
    for n in range(N):
        for row in range(0, H - size + 1, stride):
            for col in range(0, W - size + 1, stride):
                patch = images[n, row : row + size, col : col + size, :].reshape(-1)
                dist = np.sum((centroids - patch) ** 2, axis=1)
                result[n, np.argmin(dist)] += 1
    result = result / k
    return result

# %% encode_bag_of_words: columns up to the height only, and a wrong number of patches
def encode_bag_of_words(images, centroids, size, stride):
    n, height = images.shape[:2]
    places = range(0, height - size + 1, stride)
    counts = np.zeros((n, len(centroids)))
    for r in places:
        for c in places:
            cut = images[:, r : r + size, c : c + size].reshape(n, -1).astype(float)
            d2 = ((cut[:, None] - centroids) ** 2).sum(axis=2)
            counts[np.arange(n), d2.argmin(axis=1)] += 1
    return counts / (height // stride) ** 2
