# %% to_polar: columns
def to_polar(points):
    out = np.zeros(points.shape)
    out[:, 0] = np.sqrt(points[:, 0] ** 2 + points[:, 1] ** 2)
    out[:, 1] = np.arctan2(points[:, 1], points[:, 0])
    return out

# %% to_polar: complex numbers
def to_polar(points):
    z = points[:, 0] + 1j * points[:, 1]
    return np.column_stack([np.abs(z), np.angle(z)])

# %% to_polar: cmath, row by row
import cmath
def to_polar(points):
    return np.array([cmath.polar(complex(x, y)) for x, y in points])

# %% to_polar: norms, and the transpose
def to_polar(points):
    x, y = points.T
    return np.vstack((np.linalg.norm(points, axis=1), np.arctan2(y, x))).T

# %% hue_histogram: colorsys, pixel by pixel
import colorsys
def hue_histogram(images, bins):
    out = np.zeros((len(images), bins))
    for n, image in enumerate(images):
        for r, g, b in image.reshape(-1, 3) / 255.0:
            out[n, int(colorsys.rgb_to_hsv(r, g, b)[0] * bins) % bins] += 1
    return out / out.sum(axis=1, keepdims=True)

# %% hue_histogram: matplotlib's hues and np.histogram
from matplotlib.colors import rgb_to_hsv
def hue_histogram(images, bins):
    hues = rgb_to_hsv(images.astype(float) / 255)[..., 0].reshape(len(images), -1)
    return np.array([np.histogram(h, bins=bins, range=(0, 1))[0] / h.size for h in hues])

# %% hue_histogram: np.select and np.bincount
def hue_histogram(images, bins):
    R, G, B = np.moveaxis(images.astype(float), -1, 0)
    V = images.max(-1).astype(float)
    d = V - images.min(-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        h = np.select([d == 0, V == R, V == G], [0 * V, ((G - B) / d) % 6, (B - R) / d + 2], (R - G) / d + 4)
    b = np.minimum((h / 6 * bins).astype(int), bins - 1).reshape(len(images), -1)
    return np.stack([np.bincount(row, minlength=bins) for row in b]) / b.shape[1]

# %% hue_histogram: degrees and np.add.at
def hue_histogram(images, bins):
    x = np.asarray(images, np.float64)
    top, low = x.argmax(-1), x.min(-1)
    span = x.max(-1) - low
    safe = np.where(span == 0, 1, span)
    a = np.take_along_axis(x, ((top + 1) % 3)[..., None], -1)[..., 0]
    b = np.take_along_axis(x, ((top + 2) % 3)[..., None], -1)[..., 0]
    degrees = np.where(span == 0, 0, 120 * top + 60 * (a - b) / safe) % 360
    which = np.floor(degrees * bins / 360).astype(int) % bins
    counts = np.zeros((len(x), bins))
    np.add.at(counts, (np.arange(len(x))[:, None, None], which), 1)
    return counts / counts.sum(1)[:, None]

# %% hog_features: np.add.at into cells
def hog_features(images, cell=8, bins=9):
    gray = np.einsum("nijc,c->nij", images.astype(float), [0.299, 0.587, 0.114])
    n, H, W = gray.shape
    dy, dx = np.zeros((2, n, H, W))
    dy[:, 1:-1, :] = gray[:, 2:, :] - gray[:, :-2, :]
    dx[:, :, 1:-1] = gray[:, :, 2:] - gray[:, :, :-2]
    bucket = (np.mod(np.rad2deg(np.arctan2(dy, dx)), 180) / 180 * bins).astype(int) % bins
    out = np.zeros((n, H // cell, W // cell, bins))
    i, r, c = np.indices(gray.shape)
    np.add.at(out, (i, r // cell, c // cell, bucket), np.sqrt(dx ** 2 + dy ** 2))
    return out.reshape(n, -1) / cell ** 2

# %% hog_features: loops over cells, weighted bincount
def hog_features(images, cell=8, bins=9):
    features = []
    for image in images:
        gray = image[..., 0] * 0.299 + image[..., 1] * 0.587 + image[..., 2] * 0.114
        gy, gx = np.zeros(gray.shape), np.zeros(gray.shape)
        gy[1:-1] = gray[2:] - gray[:-2]
        gx[:, 1:-1] = gray[:, 2:] - gray[:, :-2]
        strength, angle = np.abs(gx + 1j * gy), np.angle(gx + 1j * gy, deg=True) % 180
        row = []
        for top in range(0, gray.shape[0], cell):
            for left in range(0, gray.shape[1], cell):
                box = slice(top, top + cell), slice(left, left + cell)
                k = np.minimum(angle[box] * bins // 180, bins - 1).astype(int)
                row.append(np.bincount(k.ravel(), strength[box].ravel(), bins) / cell ** 2)
        features.append(np.concatenate(row))
    return np.array(features)

# %% hog_features: a one-hot of buckets and einsum over cells
def hog_features(images, cell=8, bins=9):
    g = images @ np.array([0.299, 0.587, 0.114])
    right = np.pad(g[:, :, 2:] - g[:, :, :-2], ((0, 0), (0, 0), (1, 1)))
    down = np.pad(g[:, 2:] - g[:, :-2], ((0, 0), (1, 1), (0, 0)))
    theta = np.degrees(np.arctan2(down, right))
    theta = np.where(theta < 0, theta + 180, theta)
    theta = np.where(theta >= 180, theta - 180, theta)
    hot = (theta * bins / 180).astype(int)[..., None] == np.arange(bins)
    votes = hot * np.hypot(right, down)[..., None]
    n, h, w, _ = votes.shape
    cells = votes.reshape(n, h // cell, cell, w // cell, cell, bins)
    return np.einsum("nrycxb->nrcb", cells).reshape(n, -1) / cell ** 2

# %% extract_patches: all places at once
def extract_patches(images, size, n_patches, rng):
    n, h, w, _ = images.shape
    i = rng.integers(n, size=n_patches)
    r = rng.integers(h - size + 1, size=n_patches)
    c = rng.integers(w - size + 1, size=n_patches)
    rows = r[:, None, None] + np.arange(size)[:, None]
    cols = c[:, None, None] + np.arange(size)
    return images[i[:, None, None], rows, cols].reshape(n_patches, -1)

# %% extract_patches: sliding windows
from numpy.lib.stride_tricks import sliding_window_view
def extract_patches(images, size, n_patches, rng):
    windows = sliding_window_view(images, (size, size), axis=(1, 2))
    n, h, w = windows.shape[:3]
    which = rng.integers(0, n * h * w, n_patches)
    chosen = windows[np.unravel_index(which, (n, h, w))]
    return chosen.transpose(0, 2, 3, 1).reshape(n_patches, -1)

# %% extract_patches: a list, and rng.choice
def extract_patches(images, size, n_patches, rng):
    patches = []
    while len(patches) < n_patches:
        image = images[rng.choice(len(images))]
        top = rng.choice(image.shape[0] - size + 1)
        left = rng.choice(image.shape[1] - size + 1)
        patches.append(image[top:top + size, left:left + size, :].flatten())
    return np.array(patches)

# %% extract_patches: floors of uniform numbers, single precision
def extract_patches(images, size, n_patches, rng):
    ends = np.array([len(images), images.shape[1] - size + 1, images.shape[2] - size + 1])
    places = np.floor(rng.random((n_patches, 3)) * ends).astype(int)
    out = np.empty((n_patches, size * size * 3), np.float32)
    for p, (i, r, c) in enumerate(places):
        out[p] = images[i, r:r + size, c:c + size].reshape(-1)
    return out

# %% kmeans: squares expanded
def kmeans(patches, k, n_iters, rng):
    C = patches[rng.permutation(len(patches))[:k]].astype(float)
    for _ in range(n_iters):
        d = (patches ** 2).sum(1)[:, None] - 2 * patches @ C.T + (C ** 2).sum(1)
        nearest = d.argmin(1)
        for j in range(k):
            members = patches[nearest == j]
            if len(members):
                C[j] = members.mean(0)
    return C

# %% kmeans: np.add.at and bincount
def kmeans(patches, k, n_iters, rng):
    centroids = np.array(rng.choice(patches, k, replace=False, axis=0), dtype=float)
    for _ in range(n_iters):
        nearest = np.linalg.norm(patches[:, None] - centroids[None], axis=2).argmin(axis=1)
        sums = np.zeros_like(centroids)
        np.add.at(sums, nearest, patches)
        counts = np.bincount(nearest, minlength=k)
        full = counts > 0
        centroids[full] = sums[full] / counts[full, None]
    return centroids

# %% kmeans: a one-hot product, np.where for empty clusters
def kmeans(patches, k, n_iters, rng):
    order = np.arange(len(patches))
    rng.shuffle(order)
    mu = patches[order[:k]]
    for _ in range(n_iters):
        d = np.stack([np.square(patches - m).sum(axis=1) for m in mu])
        hot = (np.argmin(d, axis=0) == np.arange(k)[:, None]).astype(float)
        n = hot.sum(axis=1, keepdims=True)
        mu = np.where(n > 0, hot @ patches / np.maximum(n, 1), mu)
    return mu

# %% kmeans: patch by patch
def kmeans(patches, k, n_iters, rng):
    centroids = [patches[i] for i in rng.choice(patches.shape[0], k, replace=False)]
    for _ in range(n_iters):
        members = [[] for _ in range(k)]
        for patch in patches:
            distances = [((patch - c) ** 2).sum() for c in centroids]
            members[distances.index(min(distances))].append(patch)
        centroids = [np.mean(m, axis=0) if m else c for m, c in zip(members, centroids)]
    return np.array(centroids)

# %% encode_bag_of_words: sliding windows
from numpy.lib.stride_tricks import sliding_window_view
def encode_bag_of_words(images, centroids, size, stride):
    windows = sliding_window_view(images.astype(float), (size, size), axis=(1, 2))[:, ::stride, ::stride]
    patches = np.moveaxis(windows, 3, -1).reshape(len(images), -1, size * size * 3)
    k = len(centroids)
    words = ((patches[:, :, None] - centroids) ** 2).sum(-1).argmin(-1)
    return np.stack([np.bincount(row, minlength=k) / len(row) for row in words])

# %% encode_bag_of_words: image by image
def encode_bag_of_words(images, centroids, size, stride):
    histograms = []
    for image in images:
        histogram = [0] * len(centroids)
        for top in range(0, image.shape[0] - size + 1, stride):
            for left in range(0, image.shape[1] - size + 1, stride):
                patch = image[top:top + size, left:left + size].astype(float).ravel()
                histogram[int(np.argmin(np.linalg.norm(centroids - patch, axis=1)))] += 1
        histograms.append(np.array(histogram) / sum(histogram))
    return np.array(histograms)

# %% encode_bag_of_words: squares expanded, a one-hot mean
def encode_bag_of_words(images, centroids, size, stride):
    n, h, w, _ = images.shape
    tops, lefts = np.arange(0, h - size + 1, stride), np.arange(0, w - size + 1, stride)
    patches = np.stack(
        [images[:, t:t + size, l:l + size].reshape(n, -1).astype(float) for t in tops for l in lefts],
        axis=1,
    )
    words = np.argmin((centroids ** 2).sum(1) - 2 * patches @ centroids.T, axis=2)
    return np.mean(words[:, :, None] == np.arange(len(centroids)), axis=1)

# %% describe: finer edges and hues side by side
def describe(images):
    hog = hog_features(images, 4, 6)
    return np.concatenate([hog / (hog.sum(1, keepdims=True) + 1e-9), hue_histogram(images, 6)], axis=1)[:, :100]

# %% describe: mean color and energies of differences in four directions
def describe(images):
    x = images.astype(float)
    high, low = x.max(-1), x.min(-1)
    hog = hog_features(images, 12, 12)
    hog = hog / np.linalg.norm(hog, axis=1, keepdims=True)
    return np.hstack([hog, hue_histogram(images, 12), (high - low).mean((1, 2))[:, None] / 255])
