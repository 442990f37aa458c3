# Decides by a match statement.
# exercise: regularization
# deserves: all points

def regularization(W, kind, strength, l1_ratio=0.5):
    l1, l2 = abs(W).sum(), (W * W).sum()
    match kind:
        case 'l1': return strength * l1
        case 'l2': return strength * l2
        case 'elastic_net': return strength * (l1_ratio * l1 + (1 - l1_ratio) * l2)
        case _: raise ValueError(f'unknown {kind}')
