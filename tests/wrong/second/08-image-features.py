# %% to_polar: arctan of the quotient loses the quadrant
def to_polar(points):
    x = points[:, 0]
    y = points[:, 1]
    r = np.sqrt(x ** 2 + y ** 2)
    theta = np.arctan(y / (x + 1e-15))
    return np.stack([r, theta], axis=1)
# %% to_polar: arguments of arctan2 in the wrong order
def to_polar(points):
    x, y = points[:, 0], points[:, 1]
    r = np.linalg.norm(points, axis=1)
    theta = np.arctan2(x, y)
    return np.column_stack((r, theta))
# %% to_polar: angles in 0 to 2 pi
def to_polar(points):
    r = np.sqrt((points**2).sum(axis=1))
    theta = np.arctan2(points[:, 1], points[:, 0]) % (2 * np.pi)
    return np.stack([r, theta], axis=1)
# %% to_polar: no root in the radius, and degrees
def to_polar(points):
    x, y = points.T
    radius = x * x + y * y
    angle = np.degrees(np.arctan2(y, x))
    return np.array([radius, angle]).T
# %% hue_histogram: uint8 arithmetic wraps around
def hue_histogram(images, bins):
    R, G, B = images[..., 0], images[..., 1], images[..., 2]
    M = images.max(axis=-1)
    m = images.min(axis=-1)
    d = M - m
    safe = np.where(d == 0, 1, d)
    hue = np.where(M == R, (G - B) / safe, np.where(M == G, 2 + (B - R) / safe, 4 + (R - G) / safe))
    hue = np.where(d == 0, 0, hue) % 6 / 6
    bucket = (hue * bins).astype(int)
    N = images.shape[0]
    hist = np.zeros((N, bins))
    for i in range(N):
        hist[i] = np.bincount(bucket[i].ravel(), minlength=bins)[:bins] / bucket[i].size
    return hist
# %% hue_histogram: range of 255 as in the CS231n color histogram, and a density
def hue_histogram(images, bins=10):
    images = images.astype(float)
    N = images.shape[0]
    feats = np.zeros((N, bins))
    for i in range(N):
        im = images[i]
        r, g, b = im[..., 0], im[..., 1], im[..., 2]
        mx, mn = im.max(axis=2), im.min(axis=2)
        d = np.where(mx > mn, mx - mn, 1.0)
        h = np.where(mx == r, (g - b) / d, np.where(mx == g, 2 + (b - r) / d, 4 + (r - g) / d))
        h = (h % 6) / 6
        imhist, _ = np.histogram(h, bins=np.linspace(0, 255, bins + 1), density=True)
        feats[i] = imhist * np.diff(np.linspace(0, 255, bins + 1))
    return feats
# %% hue_histogram: negative hues clipped to 0 instead of taken modulo 6
def hue_histogram(images, bins):
    x = images.astype(np.float64)
    R, G, B = x[..., 0], x[..., 1], x[..., 2]
    M, m = x.max(axis=-1), x.min(axis=-1)
    d = M - m
    hue = np.zeros(M.shape)
    color = d > 0
    is_r = color & (M == R)
    is_g = color & (M == G) & ~is_r
    is_b = color & ~is_r & ~is_g
    hue[is_r] = ((G - B)[is_r]) / d[is_r]
    hue[is_g] = 2 + ((B - R)[is_g]) / d[is_g]
    hue[is_b] = 4 + ((R - G)[is_b]) / d[is_b]
    bucket = np.clip(np.floor(hue / 6 * bins), 0, bins - 1).astype(int)
    counts = np.stack([(bucket == b).sum(axis=(1, 2)) for b in range(bins)], axis=1)
    return counts / (images.shape[1] * images.shape[2])
# %% hue_histogram: buckets rounded to the nearest, gray pixels left out
def hue_histogram(images, bins):
    x = images.astype(float)
    r, g, b = x[..., 0], x[..., 1], x[..., 2]
    top = x.max(axis=3)
    d = top - x.min(axis=3)
    out = np.zeros((len(x), bins))
    for i in range(len(x)):
        ok = d[i] > 0
        rr, gg, bb, dd, mm = r[i][ok], g[i][ok], b[i][ok], d[i][ok], top[i][ok]
        six = np.where(mm == rr, (gg - bb) / dd, np.where(mm == gg, 2 + (bb - rr) / dd, 4 + (rr - gg) / dd))
        k = np.round((six % 6) / 6 * bins).astype(int) % bins
        out[i] = np.bincount(k, minlength=bins) / max(len(k), 1)
    return out
# %% hog_features: blue weight 0.144 and arctan2 with its arguments swapped, as in features.py
def hog_features(images, cell=8, bins=9):
    gray = np.dot(images[..., :3].astype(float), [0.299, 0.587, 0.144])
    N, H, W = gray.shape
    gx = np.zeros(gray.shape)
    gy = np.zeros(gray.shape)
    gx[:, :, 1:-1] = gray[:, :, 2:] - gray[:, :, :-2]
    gy[:, 1:-1, :] = gray[:, 2:, :] - gray[:, :-2, :]
    grad_mag = np.sqrt(gx ** 2 + gy ** 2)
    grad_ori = np.degrees(np.arctan2(gx, gy)) % 180
    bucket = np.minimum((grad_ori * bins / 180).astype(int), bins - 1)
    n_cx, n_cy = H // cell, W // cell
    hist = np.zeros((N, n_cx, n_cy, bins))
    for b in range(bins):
        mag = np.where(bucket == b, grad_mag, 0)
        hist[..., b] = mag.reshape(N, n_cx, cell, n_cy, cell).mean(axis=(2, 4))
    return hist.reshape(N, -1)
# %% hog_features: forward differences as in np.diff
def hog_features(images, cell=8, bins=9):
    image = images.astype(float)
    gray = 0.299 * image[..., 0] + 0.587 * image[..., 1] + 0.114 * image[..., 2]
    gx = np.zeros(gray.shape)
    gy = np.zeros(gray.shape)
    gx[:, :, :-1] = np.diff(gray, n=1, axis=2)
    gy[:, :-1, :] = np.diff(gray, n=1, axis=1)
    mag = np.sqrt(gx ** 2 + gy ** 2)
    ori = np.arctan2(gy, gx) * (180 / np.pi) % 180
    n, h, w = gray.shape
    features = np.zeros((n, h // cell, w // cell, bins))
    for i in range(bins):
        temp = (ori >= 180 / bins * i) & (ori < 180 / bins * (i + 1))
        cond = temp * mag
        features[:, :, :, i] = cond.reshape(n, h // cell, cell, w // cell, cell).sum(axis=(2, 4)) / cell ** 2
    return features.reshape(n, -1)
# %% hog_features: np.gradient halves the differences and fills the border
def hog_features(images, cell=8, bins=9):
    g = images.astype(float) @ np.array([0.299, 0.587, 0.114])
    down, right = np.gradient(g, axis=(1, 2))
    size = np.hypot(down, right)
    angle = np.degrees(np.arctan2(down, right)) % 180
    k = (angle // (180 / bins)).astype(int)
    n, H, W = g.shape
    rows, cols = H // cell, W // cell
    result = np.zeros((n, rows, cols, bins))
    for b in range(bins):
        part = size * (k == b)
        result[..., b] = part.reshape(n, rows, cell, cols, cell).sum(axis=(2, 4)) / cell**2
    return result.reshape(n, rows * cols * bins)
# %% hog_features: absolute angle instead of modulo 180, and buckets come before the cells
def hog_features(images, cell=8, bins=9):
    x = images.astype(np.float64)
    gray = 0.299 * x[..., 0] + 0.587 * x[..., 1] + 0.114 * x[..., 2]
    down, right = np.zeros_like(gray), np.zeros_like(gray)
    down[:, 1:-1] = gray[:, 2:] - gray[:, :-2]
    right[:, :, 1:-1] = gray[:, :, 2:] - gray[:, :, :-2]
    mag = np.sqrt(down**2 + right**2)
    angle = np.abs(np.degrees(np.arctan2(down, right)))
    bucket = np.minimum((angle / (180 / bins)).astype(int), bins - 1)
    n, h, w = gray.shape
    hists = []
    for b in range(bins):
        m = (mag * (bucket == b)).reshape(n, h // cell, cell, w // cell, cell)
        hists.append(m.sum(axis=(2, 4)).reshape(n, -1) / cell**2)
    return np.hstack(hists)
# %% describe: standardized over the batch, so a row depends on the other images
def describe(images):
    feats = np.hstack([hog_features(images, cell=12, bins=9), hue_histogram(images, 10)])
    mean_feat = np.mean(feats, axis=0, keepdims=True)
    feats = feats - mean_feat
    std_feat = np.std(feats, axis=0, keepdims=True)
    feats = feats / (std_feat + 1e-8)
    return feats
# %% describe: cells of 8 do not fit into 12 x 12 pixels
def describe(images):
    hog = hog_features(images)
    color = hue_histogram(images, 10)
    return np.hstack([hog, color])
# %% describe: edges alone
def describe(images):
    return hog_features(images, cell=6, bins=12)
# %% describe: more than 100 numbers, and pixels instead of colors
def describe(images):
    edges = hog_features(images, cell=6, bins=9)
    small = images[:, ::2, ::2].reshape(len(images), -1).astype(float)
    return np.concatenate([edges, small], axis=1)
# %% extract_patches: global np.random
def extract_patches(images, size, n_patches, rng):
    N, H, W, C = images.shape
    patches = np.zeros((n_patches, size * size * C))
    for i in range(n_patches):
        idx = np.random.randint(N)
        r = np.random.randint(H - size + 1)
        c = np.random.randint(W - size + 1)
        patches[i] = images[idx, r:r + size, c:c + size, :].reshape(-1)
    return patches
# %% extract_patches: colors come first in the flattened patch
def extract_patches(images, size, n_patches, rng):
    num, H, W, ch = images.shape
    patches = []
    for _ in range(n_patches):
        n = rng.integers(num)
        y = rng.integers(H - size + 1)
        x = rng.integers(W - size + 1)
        patch = images[n, y:y + size, x:x + size].transpose(2, 0, 1)
        patches.append(patch.flatten())
    return np.array(patches)
# %% extract_patches: last row and last column never drawn
def extract_patches(images, size, n_patches, rng):
    n, h, w, _ = images.shape
    which = rng.integers(0, n, n_patches)
    rows = rng.integers(0, max(h - size, 1), n_patches)
    cols = rng.integers(0, max(w - size, 1), n_patches)
    return np.array(
        [images[i, r : r + size, c : c + size].ravel() for i, r, c in zip(which, rows, cols)]
    )
# %% extract_patches: one image for all patches, same number for row and column
def extract_patches(images, size, n_patches, rng):
    image = images[rng.integers(len(images))]
    limit = min(image.shape[0], image.shape[1]) - size + 1
    out = np.empty((n_patches, size * size * 3))
    for k in range(n_patches):
        place = rng.integers(limit)
        out[k] = image[place : place + size, place : place + size].reshape(-1)
    return out
# %% kmeans: starts from random numbers instead of patches
def kmeans(patches, k, n_iters, rng):
    M, D = patches.shape
    centroids = patches.mean(axis=0) + patches.std(axis=0) * rng.standard_normal((k, D))
    x2 = np.sum(patches ** 2, axis=1, keepdims=True)
    for it in range(n_iters):
        c2 = np.sum(centroids ** 2, axis=1)
        dists = x2 - 2 * patches.dot(centroids.T) + c2
        labels = np.argmin(dists, axis=1)
        for j in range(k):
            if np.any(labels == j):
                centroids[j] = patches[labels == j].mean(axis=0)
    return centroids
# %% kmeans: factor 2 missing in the expanded distance, start drawn with replacement
def kmeans(patches, k, n_iters, rng):
    idx = rng.choice(patches.shape[0], k)
    centroids = patches[idx].copy()
    for _ in range(n_iters):
        dists = (np.sum(patches ** 2, axis=1)[:, np.newaxis]
                 - patches.dot(centroids.T)
                 + np.sum(centroids ** 2, axis=1))
        assign = dists.argmin(axis=1)
        for j in range(k):
            members = patches[assign == j]
            if len(members) > 0:
                centroids[j] = np.mean(members, axis=0)
    return centroids
# %% kmeans: first k patches as a view, so the patches change
def kmeans(patches, k, n_iters, rng):
    centroids = patches[:k]
    for _ in range(n_iters):
        d = ((patches[:, None, :] - centroids[None, :, :]) ** 2).sum(axis=2)
        nearest = d.argmin(axis=1)
        for j in range(k):
            mine = nearest == j
            if mine.any():
                centroids[j] = patches[mine].mean(axis=0)
    return centroids
# %% kmeans: a centroid without patches moves to zero
def kmeans(patches, k, n_iters, rng):
    start = rng.choice(len(patches), size=k, replace=False)
    centroids = patches[start].astype(float)
    for _ in range(n_iters):
        d = np.stack([((patches - c) ** 2).sum(axis=1) for c in centroids], axis=1)
        nearest = np.argmin(d, axis=1)
        counts = np.bincount(nearest, minlength=k)
        sums = np.zeros_like(centroids)
        np.add.at(sums, nearest, patches)
        centroids = sums / np.maximum(counts, 1)[:, None]
    return centroids
# %% encode_bag_of_words: last row and column of patches missing
def encode_bag_of_words(images, centroids, size, stride):
    N, H, W, C = images.shape
    k = centroids.shape[0]
    hist = np.zeros((N, k))
    for n in range(N):
        count = 0
        for r in range(0, H - size, stride):
            for c in range(0, W - size, stride):
                patch = images[n, r:r + size, c:c + size].reshape(-1).astype(float)
                dists = np.sum((centroids - patch) ** 2, axis=1)
                hist[n, np.argmin(dists)] += 1
                count += 1
        hist[n] /= max(count, 1)
    return hist
# %% encode_bag_of_words: channels first in the patch, histogram scaled to length 1
def encode_bag_of_words(images, centroids, size, stride):
    x = images.transpose(0, 3, 1, 2).astype(float)
    N, C, H, W = x.shape
    hist = np.zeros((N, centroids.shape[0]))
    for i in range(0, H - size + 1, stride):
        for j in range(0, W - size + 1, stride):
            p = x[:, :, i:i + size, j:j + size].reshape(N, -1)
            d = np.sum(p ** 2, axis=1, keepdims=True) - 2 * p.dot(centroids.T) + np.sum(centroids ** 2, axis=1)
            hist[np.arange(N), np.argmin(d, axis=1)] += 1
    hist /= np.linalg.norm(hist, axis=1, keepdims=True)
    return hist
# %% encode_bag_of_words: largest product instead of smallest distance
def encode_bag_of_words(images, centroids, size, stride):
    n, h, w, _ = images.shape
    k = len(centroids)
    counts = np.zeros((n, k))
    for r in range(0, h - size + 1, stride):
        for c in range(0, w - size + 1, stride):
            p = images[:, r : r + size, c : c + size].reshape(n, -1).astype(float)
            word = (p @ centroids.T).argmax(axis=1)
            counts[np.arange(n), word] += 1
    return counts / counts.sum(axis=1, keepdims=True)
# %% encode_bag_of_words: height used for the columns too
def encode_bag_of_words(images, centroids, size, stride):
    images = images.astype(float)
    places = range(0, images.shape[1] - size + 1, stride)
    result = []
    for image in images:
        patches = [
            image[r : r + size, c : c + size].ravel()
            for r in places
            for c in places
            if c + size <= image.shape[1]
        ]
        patches = np.array(patches)
        d = ((patches[:, None] - centroids[None]) ** 2).sum(axis=2)
        result.append(np.bincount(d.argmin(axis=1), minlength=len(centroids)) / len(patches))
    return np.array(result)
