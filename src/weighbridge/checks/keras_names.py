"""Keras classes and functions that only compute.

Sources: all classes of Keras 3.15 that can be saved (layers, operations, losses, metrics, optimizers, initializers,
regularizers, constraints, quantizers, precision policies) and the classes of Keras 1 and 2 that files still name. Left
out are those that run foreign code or open files: Lambda, TFSMLayer, TorchModuleWrapper, JaxLayer, FlaxLayer.
"""

from weighbridge.formats.word_list import words

CLASSES = words("""
    AUC AWQConfig AWQDTypePolicy Abs AbsMaxQuantizer Absolute AbstractRNNCell Accuracy Activation
    ActivityRegularization Adadelta Adafactor Adagrad Adam AdamOptimizer AdamW Adamax AdaptiveAveragePool
    AdaptiveAveragePooling1D AdaptiveAveragePooling2D AdaptiveAveragePooling3D AdaptiveMaxPool AdaptiveMaxPooling1D
    AdaptiveMaxPooling2D AdaptiveMaxPooling3D Add AdditiveAttention AffineTransform All AllClose AlphaDropout Amax
    Amin Angle Any Append Arange Arccos Arccosh Arcsin Arcsinh Arctan Arctan2 Arctanh Argmax Argmin Argpartition
    Argsort Array ArraySplit AssociativeScan AtrousConvolution1D AtrousConvolution2D Attention AugMix AutoContrast
    Average AverageModelCheckpoint AveragePool AveragePooling1D AveragePooling2D AveragePooling3D AvgPool1D
    AvgPool2D AvgPool3D BaseAdaptiveAveragePooling BaseAdaptiveMaxPooling BaseAdaptivePooling BaseConv
    BaseConvTranspose BaseDepthwiseConv BaseGlobalPooling BaseImagePreprocessingLayer BaseOptimizer BasePooling
    BaseSeparableConv BaseSpatialDropout BatchNorm BatchNormalization BatchNormalizationBase BatchNormalizationV1
    BatchNormalizationV2 Bidirectional BinaryAccuracy BinaryCrossentropy BinaryFocalCrossentropy BinaryIoU Bincount
    BitwiseAnd BitwiseInvert BitwiseLeftShift BitwiseNot BitwiseOr BitwiseRightShift BitwiseXor BroadcastTo CDist
    CTC CTCDecode CTCLoss Cast CategoricalAccuracy CategoricalCrossentropy CategoricalFocalCrossentropy
    CategoricalGeneralizedCrossEntropy CategoricalHinge CategoryEncoding Cbrt Ceil Celu CenterCrop Cholesky
    CholeskyInverse Circle ClassMethod Clip CompileLoss CompileMetrics Concatenate ConcordanceCorrelation Cond Conj
    Conjugate Constant Constraint ContrastLimitedAdaptiveHistogramEqualization Conv Conv1D Conv1DTranspose Conv2D
    Conv2DTranspose Conv3D Conv3DTranspose ConvLSTM ConvLSTM1D ConvLSTM2D ConvLSTM3D ConvLSTMCell ConvRecurrent2D
    ConvTranspose ConvertToTensor Convolution1D Convolution1DTranspose Convolution2D Convolution2DTranspose
    Convolution3D Convolution3DTranspose Copy Corrcoef Correlate Cos Cosh CosineDecay CosineDecayRestarts
    CosineSimilarity CountNonzero CropImages Cropping1D Cropping2D Cropping3D Cross CuDNNGRU CuDNNLSTM Cumprod
    Cumsum CustomScaleLayer CutMix DTypePolicy DTypePolicyMap DataLayer Deconvolution2D Deconvolution3D Deg2rad
    Dense DenseFeatures DepthToSpace DepthwiseConv DepthwiseConv1D DepthwiseConv2D Det DeviceAwareRandomGenerator
    Diag Diagflat Diagonal Dice Diff Digitize Discretization Divide DivideNoNan Dot DotProductAttention Dropout
    Dsplit Dstack ELU Eig Eigh Einsum EinsumDense ElasticTransform Elu Embedding EmptyLike Equal Equalization Erf
    Erfc Erfinv Exp Exp2 ExpandDims Expm1 ExponentialDecay ExtractPatches ExtractSequences F1Score FBetaScore FFT
    FFT2 Fabs FakeQuantWithMinMaxVars FalseNegatives FalsePositives Feature FeatureSpace Flatten Flip Fliplr Flipud
    Float8QuantizationConfig FloatDTypePolicy Floor FloorDivide Fmax Fmin Fmod Fold ForiLoop Ftrl Full FullLike
    Function Functional GPTQConfig GPTQDTypePolicy GPTQQuantizer GRU GRUCell GRUV1 GRUV2 GaussianBlur
    GaussianDropout GaussianNoise Gcd Gelu Geomspace GetItem GlobalAveragePooling1D GlobalAveragePooling2D
    GlobalAveragePooling3D GlobalAvgPool1D GlobalAvgPool2D GlobalAvgPool3D GlobalMaxPool1D GlobalMaxPool2D
    GlobalMaxPool3D GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D GlorotNormal GlorotUniform Glu Graph
    Greater GreaterEqual GroupNormalization GroupQueryAttention GroupedQueryAttention HSVToRGB HardShrink
    HardSigmoid HardSilu HardTanh HashedCrossing Hashing HeNormal HeUniform Heaviside Highway Hinge Histogram Hsplit
    Hstack Huber Hypot I0 IFFT2 IRFFT ISTFT Identity IdentityInitializer Imag InTopK IndexLookup Initializer Inner
    InputLayer InputSpec InstanceMethod InstanceProperty Int4DTypePolicy Int4QuantizationConfig
    Int8QuantizationConfig IntegerLookup Inv InverseTimeDecay IoU IsIn Isclose Isfinite Isinf Isnan Isneginf
    Isposinf Isreal JVP KLDivergence Kron L1 L1L2 L2 LSTM LSTMCell LSTMV1 LSTMV2 Lamb Layer LayerNorm
    LayerNormalization LayerScale Lcm Ldexp LeakyReLU LeakyRelu LearningRateSchedule LecunNormal LecunUniform
    LeftShift Less LessEqual LinearModel Linspace Lion LocallyConnected1D LocallyConnected2D Log Log10 Log1p Log2
    LogCosh LogCoshError LogSigmoid LogSoftmax Logaddexp Logaddexp2 Logdet LogicalAnd LogicalNot LogicalOr
    LogicalXor Logspace Logsumexp Loss LossFunctionWrapper LossScaleOptimizer LossScaleOptimizerV1
    LossScaleOptimizerV3 Lstsq LuFactor Map MapCoordinates Masking Matmul MatrixRank Max MaxNorm MaxNumBoundingBoxes
    MaxPool MaxPool1D MaxPool2D MaxPool3D MaxPooling1D MaxPooling2D MaxPooling3D Maximum MaxoutDense Mean
    MeanAbsoluteError MeanAbsolutePercentageError MeanIoU MeanMetricWrapper MeanSquaredError
    MeanSquaredLogarithmicError Median MelSpectrogram Merge Meshgrid Metric MetricsList Min MinMaxNorm Minimum Mish
    MixUp Mod Model Moments Moveaxis MultiHeadAttention MultiHot MultiOptimizer Multiply Muon Nadam NanToNum
    Nanargmax Nanargmin Nancumprod Nancumsum Nanmax Nanmean Nanmedian Nanmin Nanpercentile Nanprod Nanquantile
    Nanstd Nansum Nanvar Ndim Negative Network Nextafter NonNeg Nonzero Norm Normalization Normalize NotEqual OneHot
    OneHotIoU OneHotMeanIoU Ones OnesLike Operation Optimizer OptimizerMap Orthogonal OrthogonalInitializer
    OrthogonalRegularizer Outer PReLU PSNR Pad PadImages PearsonCorrelation Percentile Permute PerspectiveTransform
    PiecewiseConstantDecay Pinv Pipeline Poisson Polar Policy PolicyV1 PolynomialDecay Power Precision
    PrecisionAtRecall PreprocessingLayer Prod Ptp Qr Quantile QuantizationConfig QuantizedDTypePolicy
    QuantizedFloat8DTypePolicy Quantizer R2Score RFFT RGBToGrayscale RGBToHSV RMSNorm RMSNormalization RMSprop RNN
    Rad2deg RaggedTensorSpec RandAugment RandomBrightness RandomColorDegeneration RandomColorJitter RandomContrast
    RandomCrop RandomElasticTransform RandomErasing RandomFlip RandomFourierFeatures RandomGaussianBlur
    RandomGrayscale RandomHeight RandomHue RandomInitializer RandomInvert RandomNormal RandomNormalInitializer
    RandomPerspective RandomPosterization RandomRotation RandomSaturation RandomSharpness RandomShear
    RandomTranslation RandomUniform RandomWidth RandomZoom Ravel ReLU Real Rearrange Recall RecallAtPrecision
    Reciprocal Regularizer Relu Relu6 Repeat RepeatVector Rescaling Reshape Resize Resizing ReversibleEmbedding
    RightShift Roll RootMeanSquaredError Rot90 Round Rsqrt SGD SSIM STFT STFTInitializer STFTSpectrogram SVD
    SaturateCast ScaleAndTranslate Scan Scatter ScatterUpdate ScheduleFreeAdamW SearchSorted SeedGenerator
    SegmentMax SegmentMin SegmentProd SegmentReduction SegmentSum Select Selu SensitivityAtSpecificity
    SensitivitySpecificityBase SeparableConv SeparableConv1D SeparableConv2D SeparableConvolution1D
    SeparableConvolution2D SequenceFeatures Sequential Sigmoid Sign Signbit Silu SimpleRNN SimpleRNNCell Sin Sinc
    Sinh Size Slice SliceUpdate SlicingOpLambda Slogdet SobelEdges SoftShrink Softmax Softplus Softsign Solarization
    Solve SolveTriangular Sort SpaceToDepth SparseCategoricalAccuracy SparseCategoricalCrossentropy SparsePlus
    SparseSigmoid SparseTensorSpec SparseTopKCategoricalAccuracy Sparsemax SpatialDropout1D SpatialDropout2D
    SpatialDropout3D SpecificityAtSensitivity SpectralNormalization Split Sqrt Square SquaredHinge Squareplus
    Squeeze Stack StackedRNNCells Std StochasticDepth StopGradient StringLookup Subtract Sum Swapaxes Switch
    SyncBatchNormalization TFDConcat TFDIdentity TFOpLambda Take TakeAlongAxis Tan Tanh TanhShrink TensorFlowOpLayer
    TensorInput TensorShape TensorSpec Tensordot TextVectorization Threshold ThresholdedReLU Tile TimeDistributed
    TimeDistributedDense TopK TopKCategoricalAccuracy Trace Transpose Trapezoid Tril Triu TrueDivide TrueNegatives
    TruePositives Trunc TruncatedNormal TruncatedNormalInitializer Tversky TypeSpec Unfold Unique UnitNorm
    UnitNormalization UnravelIndex Unstack UpSampling1D UpSampling2D UpSampling3D Vander Var Variable
    VariableScaling VarianceScaling Vdot VectorizedMap View ViewAsComplex ViewAsReal Vsplit Vstack
    WeightNormalization Where WhileLoop WideDeepModel Wrapper ZeroPadding1D ZeroPadding2D ZeroPadding3D Zeros
    ZerosInitializer ZerosLike __tuple__ constant glorot_normal glorot_uniform he_normal he_uniform identity l1
    l1_l2 l2 lecun_normal lecun_uniform max_norm min_max_norm non_neg ones orthogonal orthogonal_regularizer
    random_normal random_uniform stft truncated_normal unit_norm variance_scaling zeros
""")

FUNCTIONS = words("""
    acc accuracy bce binary_accuracy binary_crossentropy binary_focal_crossentropy categorical_accuracy
    categorical_crossentropy categorical_focal_crossentropy categorical_generalized_cross_entropy categorical_hinge
    celu circle concordance_correlation constant cosine cosine_proximity cosine_similarity crelu crossentropy ctc
    dice elu exponential gelu gelu_new glorot_normal glorot_uniform glu hard_shrink hard_sigmoid hard_silu
    hard_swish hard_tanh he_normal he_uniform hinge huber identity kl_divergence kld kullback_leibler_divergence l1
    l1_l2 l2 leaky_relu lecun_normal lecun_uniform linear log_cosh log_sigmoid log_softmax logcosh mae mape max_norm
    mean_absolute_error mean_absolute_percentage_error mean_squared_error mean_squared_logarithmic_error mish mse
    msle non_neg normal one ones orthogonal pearson_correlation poisson quantize quick_gelu random_normal
    random_uniform relu relu6 relu_6 selu sigmoid silu soft_shrink softmax softplus softsign
    sparse_categorical_accuracy sparse_categorical_crossentropy sparse_plus sparse_sigmoid
    sparse_top_k_categorical_accuracy sparsemax squared_hinge squareplus swish tanh tanh_shrink threshold
    top_k_categorical_accuracy truncated_normal tversky uniform unit_norm zero zeros
""")

FOREIGN_CODE = words("TFSMLayer TorchModuleWrapper JaxLayer FlaxLayer Lambda Distiller TFOptimizer")
"""Classes of Keras whose purpose is to run code that is not Keras."""

COMPUTING_MODULES = ("activations", "losses", "metrics", "initializers", "regularizers", "constraints", "ops", "random",
                     "layers", "optimizers", "quantizers", "dtype_policies")  # fmt: skip
"""Second part of module names under which a function that is not listed is still mathematics."""
