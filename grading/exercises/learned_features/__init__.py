"""09-learned-features: a two-layer network, convolution and pooling, both ways."""

from ..describe import Written

ASSIGNMENT = "09-learned-features"

EMBARGOED = ("cs231n_utils.layers",)

EXERCISES = (
    "two_layer_forward",
    "two_layer_loss_and_gradient",
    "conv_forward",
    "conv_backward",
    "max_pool_forward",
    "max_pool_backward",
)

WRITTEN = (
    Written(
        "written-two-minima-of-a-network",
        ASSIGNMENT,
        2,
        "1 point for (a): two points with low loss and a higher loss on the straight way between "
        "them break the midpoint inequality of a convex function, so the loss is not convex; it "
        "does not follow that either run is bad, or that one is the better minimum: both reach "
        "about the same loss, and hidden units may simply be in another order. "
        "1 point for (b): with all weights 0 the hidden layer is 0, so dW2 (hidden.T @ dscores) "
        "and dW1 (through W2.T = 0) are 0 and only b2 learns; more generally equal units get equal "
        "gradients and stay equal. The linear classifier's gradient X.T @ dscores does not "
        "pass through other weights, and its loss is convex, so 0 is as good a start as any.",
        model="(a) The midpoint inequality f((s + t) / 2) <= (f(s) + f(t)) / 2: both ends of "
        "the line are low, the middle is higher. So the loss is not convex. It does not follow "
        "that a run went wrong, or that one minimum is better: all three reach about the same "
        "loss and accuracy, and may even be the same function with its hidden units in another "
        "order. (b) With all weights 0 the hidden layer is 0, so dW2 = hidden.T @ dscores is 0, "
        "and what goes back through W2.T is 0 as well, so dW1 is 0. Only the last biases learn. "
        "(Other equal weights are no better: equal units get equal gradients and stay equal.) "
        "In X.T @ dscores, the gradient of the linear classifier, no weights stand in the way, "
        "and its loss is convex, so 0 is as good a start as any.",
    ),
    Written(
        "written-learned-or-designed",
        ASSIGNMENT,
        2,
        "1 point for (a): the templates are whole blurred pictures, one for each class; filters "
        "and codebook are small edges, bars and color blobs that serve all classes; k-means never "
        "saw a label, the filters were shaped by the loss. "
        "1 point for (b): an argument with numbers from the notebook, such as: the same few "
        "filter weights are used at every place, so far fewer parameters learn from far more "
        "examples and a shifted object gives shifted features; the fully connected layer has to "
        "learn an edge anew at every place. A full mark needs the comparison of weights or of "
        "accuracies.",
        model="(a) A template is a whole picture, what one class looks like on average; it has "
        "seen labels. A word of the codebook is a frequent small patch, an edge or a color "
        "blob, and serves all classes; k-means saw no label. A filter is a small pattern that "
        "serves all classes, too, but it was shaped by the loss, so by labels. (b) The network "
        "has 616,610 weights and gets about 53 % of the test images right, the ConvNet with "
        "about a twentieth of them 64 to 67 %. A ConvNet uses the same few weights at every "
        "place of the image: each learns from a thousand places of every image, and an edge "
        "that was learned in one corner is known in all. The network must learn the same edge "
        "again for each place, from far fewer examples, and so it learns training images by "
        "heart.",
    ),
)
